/**
 * What every script of the Redis inbox begins with. All keys begin with `KEYS[1]`, whose braces keep them on one node of
 * a cluster; the first argument is the time, or empty for the server's own.
 *
 * - `seq`: the last place in the order of arrival. A place is written with leading zeros, so that text sorts as numbers do.
 * - `event:PLACE`: a hash with all there is of an event, its fence among it.
 * - `keys`: a hash from what identifies an event to its place. `tombstones`: the same of what was pruned, by time of arrival.
 * - `state:STATE`: places in that state. `open`: unfinished ones by the time when they are due.
 * - `holder:LANE`: who has an exclusive lane. `taken:LANE`, `parked:LANE`, `dead:LANE`: an ordered lane's event that is
 *   due or at work, those that wait for their turn, and the dead ones that block it; `blocking`: these of all lanes.
 * - `handled:MARKER`, `waiting:MARKER`: who announced a marker, and who waits for it.
 */
export const prelude = `
local never = 9007199254740991
local now

local function text(number) return string.format('%.0f', number) end
local function key(kind, name) return name and (KEYS[1] .. ':' .. kind .. ':' .. name) or (KEYS[1] .. ':' .. kind) end
local function placeOf(seq) return string.format('%016.0f', tonumber(seq)) end

if ARGV[1] ~= '' then
  now = tonumber(ARGV[1])
else
  local time = redis.call('TIME')
  now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end

local names = { 'state', 'dueAtMs', 'lane', 'laneOrder', 'marker', 'waitsFor', 'attempts', 'crashes', 'replays', 'fence',
  'provider' }

local function load(place)
  local values = redis.call('HMGET', key('event', place), unpack(names))
  if not values[1] then return nil end
  local event = { place = place }
  for at, name in ipairs(names) do event[name] = values[at] or nil end
  event.dueAtMs = tonumber(event.dueAtMs)
  return event
end

local function set(event, name, value)
  event[name] = value
  if value == nil then
    redis.call('HDEL', key('event', event.place), name)
  else
    redis.call('HSET', key('event', event.place), name, value)
  end
end

local function count(event, name, by)
  event[name] = redis.call('HINCRBY', key('event', event.place), name, by)
end

local function isUnfinished(event) return event.state == 'ready' or event.state == 'held' or event.state == 'leased' end
local function isHandled(event) return event.state == 'done' or event.state == 'superseded' end
local function isOrdered(event) return event.lane ~= nil and event.laneOrder ~= nil end

-- Takes an event out of all that is kept by its state.
local function leave(event)
  local place, lane = event.place, event.lane
  redis.call('ZREM', key('state', event.state), place)
  if isUnfinished(event) then redis.call('ZREM', key('open'), place) end
  if isOrdered(event) then
    if isUnfinished(event) and event.dueAtMs < never then redis.call('DEL', key('taken', lane))
    elseif isUnfinished(event) then redis.call('ZREM', key('parked', lane), place)
    elseif event.state == 'dead' then
      redis.call('ZREM', key('dead', lane), place)
      redis.call('ZREM', key('blocking'), place)
    end
  elseif lane and event.state == 'leased' and redis.call('GET', key('holder', lane)) == place then
    redis.call('DEL', key('holder', lane))
  end
  if event.marker and isHandled(event) then redis.call('SREM', key('handled', event.marker), place) end
  if event.waitsFor and event.state == 'held' then redis.call('SREM', key('waiting', event.waitsFor), place) end
end

local function enter(event)
  local place, lane = event.place, event.lane
  redis.call('ZADD', key('state', event.state), place, place)
  if isUnfinished(event) then redis.call('ZADD', key('open'), text(event.dueAtMs), place) end
  if isOrdered(event) then
    if isUnfinished(event) and event.dueAtMs < never then redis.call('SET', key('taken', lane), place)
    elseif isUnfinished(event) then redis.call('ZADD', key('parked', lane), place, place)
    elseif event.state == 'dead' and event.laneOrder == 'strict' then
      redis.call('ZADD', key('dead', lane), place, place)
      redis.call('ZADD', key('blocking'), place, place)
    end
  elseif lane and event.state == 'leased' then
    redis.call('SET', key('holder', lane), place)
  end
  if event.marker and isHandled(event) then redis.call('SADD', key('handled', event.marker), place) end
  if event.waitsFor and event.state == 'held' then redis.call('SADD', key('waiting', event.waitsFor), place) end
end

-- What an event waits for changes with its state, since it is kept by both.
local function move(event, state, dueAtMs, waitsFor)
  leave(event)
  if event.waitsFor ~= waitsFor then set(event, 'waitsFor', waitsFor) end
  event.state = state
  event.dueAtMs = dueAtMs
  redis.call('HSET', key('event', event.place), 'state', state, 'dueAtMs', text(dueAtMs))
  enter(event)
end

-- Wakes the event that the turn has come to in an ordered lane.
local function wakeLane(event)
  if not isOrdered(event) or redis.call('EXISTS', key('taken', event.lane)) == 1 then return end
  local first = redis.call('ZRANGE', key('parked', event.lane), 0, 0)[1]
  if not first then return end
  local dead = redis.call('ZRANGE', key('dead', event.lane), 0, 0)[1]
  if dead and dead < first then return end
  local parked = load(first)
  move(parked, 'ready', now, parked.waitsFor)
end

-- Wakes what waits for a marker of which an event was handled.
local function announce(marker)
  if not marker or redis.call('EXISTS', key('handled', marker)) == 0 then return end
  for _, place in ipairs(redis.call('SMEMBERS', key('waiting', marker))) do move(load(place), 'ready', now, nil) end
end

-- Makes an event ready again, or has it wait for its turn.
local function revive(event)
  if isOrdered(event) then move(event, 'held', never, nil) else move(event, 'ready', now, nil) end
  set(event, 'attempts', 0)
  set(event, 'crashes', 0)
  count(event, 'replays', 1)
end

-- The first places after one, of these states, in order of arrival. None: there are no more.
local function following(states, after, limit)
  local found = {}
  for _, state in ipairs(states) do
    for _, place in ipairs(redis.call('ZRANGEBYSCORE', key('state', state), '(' .. after, '+inf', 'LIMIT', 0, limit)) do
      found[#found + 1] = place
    end
  end
  table.sort(found)
  while #found > limit do table.remove(found) end
  return found
end

local filters = { 'provider', 'type', 'eventId', 'lane', 'marker', 'lastError' }

-- Whether all that a selector asks for is so, but its states.
local function isSelected(place, selector)
  local hash = key('event', place)
  for _, name in ipairs(filters) do
    if selector[name] and redis.call('HGET', hash, name) ~= selector[name] then return false end
  end
  return not selector.sinceMs or tonumber(redis.call('HGET', hash, 'receivedAtMs')) >= selector.sinceMs
end

-- The same for those that a selector names one by one.
local function named(selector, states, after, limit)
  if not selector.seqs then return following(states, after, limit) end
  local wanted, found = {}, {}
  for _, state in ipairs(states) do wanted[state] = true end
  for _, seq in ipairs(selector.seqs) do
    local place = placeOf(seq)
    local state = redis.call('HGET', key('event', place), 'state')
    if tonumber(seq) > tonumber(after) and state and wanted[state] then found[#found + 1] = place end
  end
  table.sort(found)
  while #found > limit do table.remove(found) end
  return found
end
`
