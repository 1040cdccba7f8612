-- Stands before each of the scripts that change a record. KEYS[1] is the lease, KEYS[2] the record,
-- ARGV[1] the run id of the server that the caller talks to. No lease, or one that names another
-- server (this one was promoted, or restarted with old data): nothing here may be touched.
local lease = redis.call('GET', KEYS[1])
local epoch, run_id = string.match(lease or '', '^(%d+):(%x+)$')
if not epoch or run_id ~= ARGV[1] then return 'NOLEASE' end
local kind, of_epoch, rest =
        string.match(redis.call('GETRANGE', KEYS[2], 0, 63), '^(%a)(%d+):(.*)$')
