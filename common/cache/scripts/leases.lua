-- KEYS are leases. Each with the life it has left, in one moment: read one after the other, a lease
-- that is replaced in between would lend its life to the one before.
local found = {}
for i, key in ipairs(KEYS) do
        found[2 * i - 1] = redis.call('GET', key)
        found[2 * i] = redis.call('PTTL', key)
end
return found
