-- Whole lives of petitions: file, assign, answer, rate.
-- The URL may have a path, below which petitions are found.
-- wrk -s lifecycle.lua URL -- BODIES PETITIONER STAFF SUBJECT: a file of bodies, two tokens, and
-- the staff's subject. Every answer tells id and version, and by the version what comes next.
-- The last line of the output is JSON.

local fresh = {}
local waiting, first, last = {}, 1, 0
local made = 0
local petitioner, staff, subject
local below

local ANSWER = '{"done":"已安排人员到现场处理，堵塞处已疏通。","done_by":"物业维修班","finished":true}'
local RATE = '{"stars":5,"solved":true,"word":"处理得很及时"}'

local function post(path, token, body)
  return wrk.format("POST", below .. path,
    { ["Content-Type"] = "application/json", ["Authorization"] = "Bearer " .. token }, body)
end

function init(args)
  below = wrk.path == "/" and "" or wrk.path
  petitioner, staff, subject = args[2], args[3], args[4]
  for body in io.lines(args[1]) do
    fresh[#fresh + 1] = post("/petitions", petitioner, body)
  end
  lived, filed, refused_steps = 0, 0, 0
end

local function step(id, version)
  if version == 1 then
    return post("/petitions/" .. id .. "/assign", staff, '{"assignee":"' .. subject .. '"}')
  elseif version == 2 then
    return post("/petitions/" .. id .. "/answer", staff, ANSWER)
  elseif version == 3 then
    return post("/petitions/" .. id .. "/rate", petitioner, RATE)
  end
end

function request()
  if first <= last then
    local one = waiting[first]
    waiting[first] = nil
    first = first + 1
    return one
  end
  made = made + 1
  return fresh[(made - 1) % #fresh + 1]
end

function response(status, headers, body)
  if status > 299 then
    refused_steps = refused_steps + 1
    return
  end
  local id = body:match('"id"%s*:%s*"([^"]+)"')
  local version = tonumber(body:match('"version"%s*:%s*(%d+)'))
  if version == 1 then
    filed = filed + 1
  end
  local following = step(id, version)
  if following then
    last = last + 1
    waiting[last] = following
  else
    lived = lived + 1
  end
end

local thread_of_all

function setup(thread)
  thread_of_all = thread
end

function done(summary, latency)
  local e = summary.errors
  io.write(string.format(
    '{"requests":%d,"seconds":%.6f,"refused":%d,"broken":%d,"p50_ms":%.3f,"p99_ms":%.3f,'
      .. '"filed":%d,"lived":%d}\n',
    summary.requests, summary.duration / 1e6, thread_of_all:get("refused_steps"),
    e.connect + e.read + e.write + e.timeout,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    thread_of_all:get("filed"), thread_of_all:get("lived")))
end
