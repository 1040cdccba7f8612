-- ARGV[2] id of the own fence or '', ARGV[3] version, ARGV[4] 'SET' or 'DEL', ARGV[5] record.
-- Over the own fence the record; what is as new stays; all else goes. Never onto an absent key or a
-- foreign one: the record could be older than what was there before.
local version = tonumber(ARGV[3])
if kind and of_epoch == epoch then
        if kind == 'F' then
                local id, base = string.match(rest, '^(%x+):(%d+)$')
                if id == ARGV[2] and tonumber(base) < version then
                        if ARGV[4] == 'SET' then
                                redis.call('SET', KEYS[2],
                                           'V' .. epoch .. ':' .. ARGV[3] .. ':' .. ARGV[5])
                                return 'PUBLISHED'
                        end
                elseif base and tonumber(base) >= version then
                        return 'LEFT'
                end
        elseif kind == 'V' and tonumber(string.match(rest, '^(%d+):') or 0) >= version then
                return 'LEFT'
        end
end
redis.call('DEL', KEYS[2])
return 'ERASED'
