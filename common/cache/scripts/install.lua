-- ARGV[2] token, ARGV[3] version, ARGV[4] record. A token that is still there says that nobody has
-- fenced, published or flushed since the database was read.
if kind ~= 'T' or of_epoch ~= epoch or rest ~= ARGV[2] then return 'REFUSED' end
redis.call('SET', KEYS[2], 'V' .. epoch .. ':' .. ARGV[3] .. ':' .. ARGV[4])
return 'INSTALLED'
