import { hash } from 'node:crypto'
import { prelude } from './redis-lua.ts'

/** A script of Lua and the hash by which Redis knows it. */
export type Script = keyof typeof bodies

/** One script for each method: what it does happens at once, and nothing comes between. */
const bodies = {
  /** Arguments: the limit or nothing; whether to revive; then for each event its key, hash, state, delay, and fields. */
  put: `
local limit = tonumber(ARGV[2])
local reviveDead = ARGV[3] == '1'
local results = {}

local function insert(known, digest, state, delayMs, from, to)
  local place = placeOf(redis.call('INCR', key('seq')))
  redis.call('HSET', key('keys'), known, place)
  redis.call('HSET', key('event', place), 'seq', place, 'state', state, 'dueAtMs', text(math.min(now + delayMs, never)),
    'receivedAtMs', text(now), 'digest', digest, 'attempts', 0, 'crashes', 0, 'replays', 0, 'fence', 0,
    unpack(ARGV, from, to))
  if state == 'conflict' then
    -- Its being skipped must not pass for its twin's being handled, nor its end for its twin's.
    redis.call('HDEL', key('event', place), 'waitsFor', 'lane', 'laneOrder', 'marker')
    redis.call('HSET', key('event', place), 'key', known)
  end
  local event = load(place)
  enter(event)
  wakeLane(event)
  announce(event.waitsFor)
end

local function put(known, digest, state, delayMs, from, to)
  local place = redis.call('HGET', key('keys'), known)
  if not place then
    if redis.call('ZSCORE', key('tombstones'), known) then return 'duplicate' end
    if limit and redis.call('ZCARD', key('open')) >= limit then return 'full' end
    insert(known, digest, state, delayMs, from, to)
    return 'inserted'
  end
  if redis.call('HGET', key('event', place), 'digest') ~= digest then
    local twin = known .. ':' .. digest
    if redis.call('HEXISTS', key('keys'), twin) == 0 then insert(twin, digest, 'conflict', 0, from, to) end
    return 'conflict'
  end
  local event = load(place)
  if event.state ~= 'dead' or not reviveDead then return 'duplicate' end
  revive(event)
  wakeLane(event)
  return 'revived'
end

local at = 4
while at <= #ARGV do
  local fields = tonumber(ARGV[at + 4])
  results[#results + 1] =
    put(ARGV[at], ARGV[at + 1], ARGV[at + 2], tonumber(ARGV[at + 3]), at + 5, at + 4 + fields)
  at = at + 5 + fields
end
return results`,

  /** Arguments: owner, limit, length of the lease, crashes allowed, providers that are excepted. */
  claim: `
local owner, limit, leaseMs, maxCrashes = ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local excepted, claims, seen = {}, {}, {}
for _, provider in ipairs(cjson.decode(ARGV[6])) do excepted[provider] = true end

local function isLaneTaken(event)
  if not event.lane or event.laneOrder then return false end
  local holder = redis.call('GET', key('holder', event.lane))
  if not holder or holder == event.place then return false end
  return load(holder).dueAtMs > now
end

local passed = 0

-- Leases, buries or passes over an event that is due. Answers whether that may have changed what comes next.
local function look(event)
  if seen[event.place] or excepted[event.provider] then
    passed = passed + 1
    return false
  end
  if event.state == 'leased' and event.crashes + 1 >= maxCrashes then
    count(event, 'crashes', 1)
    set(event, 'lastError', 'crash-loop')
    move(event, 'dead', now, event.waitsFor)
    wakeLane(event)
    return true
  end
  if isLaneTaken(event) then
    passed = passed + 1
    return false
  end
  if event.state == 'leased' then count(event, 'crashes', 1) end
  count(event, 'attempts', 1)
  count(event, 'fence', 1)
  set(event, 'owner', owner)
  move(event, 'leased', now + leaseMs, event.waitsFor)
  seen[event.place] = true
  claims[#claims + 1] = redis.call('HGETALL', key('event', event.place))
  return false
end

while #claims < limit do
  local page = redis.call('ZRANGEBYSCORE', key('open'), '-inf', text(now), 'LIMIT', passed, 50)
  if #page == 0 then break end
  for _, place in ipairs(page) do
    if #claims == limit or look(load(place)) then break end
  end
end

local function nextDueAtMs()
  for from = 0, math.huge, 50 do
    local page = redis.call('ZRANGE', key('open'), from, from + 49, 'WITHSCORES')
    if #page == 0 then return '' end
    for at = 1, #page, 2 do
      local dueAtMs = tonumber(page[at + 1])
      if dueAtMs >= never then return '' end
      if not excepted[redis.call('HGET', key('event', page[at]), 'provider')] then return text(dueAtMs) end
    end
  end
end

return { claims, nextDueAtMs(), redis.call('GET', key('seq')) or '0' }`,

  /** Arguments: seq, fence, kind, the state after it, pause, error, the seq that it covers; a marker to be held for. */
  settle: `
local kind, state, pauseMs, failure, covers, marker = ARGV[4], ARGV[5], tonumber(ARGV[6]), ARGV[7], ARGV[8], ARGV[9]
local event = load(placeOf(ARGV[2]))
if not event or event.state ~= 'leased' or event.fence ~= ARGV[3] then return 0 end

if failure ~= '' then set(event, 'lastError', failure) end
if kind == 'hold' then
  count(event, 'attempts', -1)
  move(event, state, now + pauseMs, marker)
else
  move(event, state, now + pauseMs, event.waitsFor)
end

if kind == 'done' and covers ~= '' and isOrdered(event) then
  for _, place in ipairs(redis.call('ZRANGEBYSCORE', key('parked', event.lane), '-inf', covers)) do
    local covered = load(place)
    move(covered, 'superseded', now, covered.waitsFor)
    announce(covered.marker)
  end
end
if not isUnfinished(event) then wakeLane(event) end
if isHandled(event) then announce(event.marker) end
if marker then
  announce(marker)
  local held = load(event.place)
  if not held.waitsFor then count(held, 'attempts', 1) end
end
return 1`,

  /** Arguments: seq, fence, length of the lease. */
  extend: `
local event = load(placeOf(ARGV[2]))
if not event or event.state ~= 'leased' or event.fence ~= ARGV[3] then return 0 end
move(event, 'leased', now + tonumber(ARGV[4]), event.waitsFor)
return 1`,

  /** Arguments: selector, states, after which seq, how many, what to do with them, who, why. Answers where it stopped. */
  requeue: `
local selector, states, change = cjson.decode(ARGV[2]), cjson.decode(ARGV[3]), ARGV[6]

-- Whether an event still has the body it came with: one that was pruned leaves nothing to handle.
local function isWhole(place)
  local event = key('event', place)
  return redis.call('HSTRLEN', event, 'body') > 0 or redis.call('HGET', event, 'digest') == '${hash('sha256', '')}'
end

local page = named(selector, states, ARGV[4], tonumber(ARGV[5]))
local chosen = {}
for _, place in ipairs(page) do
  if isSelected(place, selector) and isWhole(place) then chosen[#chosen + 1] = load(place) end
end
if change ~= 'count' then
  -- All are moved before any lane wakes the first of them.
  for _, event in ipairs(chosen) do
    redis.call('HSET', key('event', event.place), 'requeuedBy', ARGV[7], 'requeuedReason', ARGV[8])
    if change == 'skip' then move(event, 'superseded', now, event.waitsFor) else revive(event) end
  end
  for _, event in ipairs(chosen) do
    wakeLane(event)
    if change == 'skip' then announce(event.marker) end
  end
end
return { page[#page] or '', #chosen }`,

  /** Arguments: selector, states, after which seq, how many to look at, how many to show, whether with bodies. */
  inspect: `
local selector, limit = cjson.decode(ARGV[2]), tonumber(ARGV[6])
local shown, stopped = {}, ''
for _, place in ipairs(limit > 0 and named(selector, cjson.decode(ARGV[3]), ARGV[4], tonumber(ARGV[5])) or {}) do
  stopped = place
  if isSelected(place, selector) then
    local fields = redis.call('HGETALL', key('event', place))
    for at = 1, #fields, 2 do
      if ARGV[7] == '0' and fields[at] == 'body' then fields[at + 1] = '' end
    end
    shown[#shown + 1] = fields
  end
  if #shown == limit then break end
end
return { stopped, shown }`,

  /** Arguments: the states to be counted. Answers the counts, when the oldest unfinished arrived, and blocked lanes. */
  numbers: `
local counts, oldest, blocked = {}, '', {}
for at, state in ipairs(cjson.decode(ARGV[2])) do
  counts[at] = redis.call('ZCARD', key('state', state))
  local first = redis.call('ZRANGE', key('state', state), 0, 0)[1]
  if first and isUnfinished({ state = state }) then
    local receivedAtMs = redis.call('HGET', key('event', first), 'receivedAtMs')
    if oldest == '' or tonumber(receivedAtMs) < tonumber(oldest) then oldest = receivedAtMs end
  end
end
for _, place in ipairs(redis.call('ZRANGE', key('blocking'), 0, 99)) do
  local lane = load(place).lane
  local waiting = redis.call('ZCOUNT', key('parked', lane), '(' .. place, '+inf')
  local taken = redis.call('GET', key('taken', lane))
  if taken and taken > place then waiting = waiting + 1 end
  blocked[#blocked + 1] = { lane, place, waiting }
end
return { counts, oldest, blocked }`,

  /** Arguments: after which seq, how many, and the ages of bodies, events and tombstones. Answers where it stopped. */
  prune: `
local bodies, events, stopped = 0, 0, ''
for _, place in ipairs(following({ 'done', 'superseded' }, ARGV[2], tonumber(ARGV[3]))) do
  stopped = place
  local hash = key('event', place)
  local receivedAtMs = tonumber(redis.call('HGET', hash, 'receivedAtMs'))
  if receivedAtMs < now - tonumber(ARGV[5]) then
    local known = redis.call('HGET', hash, 'key')
    leave(load(place))
    redis.call('ZADD', key('tombstones'), text(receivedAtMs), known)
    redis.call('HDEL', key('keys'), known)
    redis.call('DEL', hash)
    events = events + 1
  elseif receivedAtMs < now - tonumber(ARGV[4]) and redis.call('HSTRLEN', hash, 'body') > 0 then
    redis.call('HSET', hash, 'body', '')
    bodies = bodies + 1
  end
end
local tombstones = redis.call('ZREMRANGEBYSCORE', key('tombstones'), '-inf', '(' .. text(now - tonumber(ARGV[6])))
return { stopped, bodies, events, tombstones }`,

  /** Answers what Redis says of its memory. */
  memory: `return redis.call('INFO', 'memory')`,
} as const

/** Also when Redis has no memory left all but `put` may write, or nothing could ever be finished. */
function textOf(name: Script): string {
  return `${name === 'put' ? '#!lua' : '#!lua flags=allow-oom'}${prelude}${bodies[name]}`
}

/** The text of each script. */
export const scripts: Readonly<Record<Script, string>> = Object.fromEntries(
  (Object.keys(bodies) as Script[]).map((name) => [name, textOf(name)]),
) as Record<Script, string>
