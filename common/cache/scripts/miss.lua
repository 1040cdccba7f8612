-- ARGV[2] token, ARGV[3] life in ms. Only where nothing of this epoch stands.
if kind and of_epoch == epoch then return 'HELD' end
redis.call('SET', KEYS[2], 'T' .. epoch .. ':' .. ARGV[2], 'PX', ARGV[3])
return 'TOKEN'
