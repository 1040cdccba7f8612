-- ARGV[2] id, ARGV[3] base version, ARGV[4] life in ms. Overwrites whatever stands there: a fence
-- that only hid the old value would bring it back when it runs out.
redis.call('SET', KEYS[2], 'F' .. epoch .. ':' .. ARGV[2] .. ':' .. ARGV[3], 'PX', ARGV[4])
return 'FENCED'
