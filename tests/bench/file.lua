-- POST /petitions, as fast as the connections allow.
-- wrk -s file.lua URL -- BODIES [TOKENS]: one body, one token per line; without tokens none is sent.
-- The last line of the output is JSON. wrk counts every status above 399 as an error by itself.

local requests = {}
local sent = 0

local function lines(path)
  local found = {}
  for line in io.lines(path) do
    found[#found + 1] = line
  end
  return found
end

function init(args)
  local bodies = lines(args[1])
  local tokens = args[2] and lines(args[2]) or {}
  for n, body in ipairs(bodies) do
    local headers = { ["Content-Type"] = "application/json" }
    if #tokens > 0 then
      headers["Authorization"] = "Bearer " .. tokens[(n - 1) % #tokens + 1]
    end
    requests[n] = wrk.format("POST", nil, headers, body)
  end
end

function request()
  sent = sent + 1
  return requests[(sent - 1) % #requests + 1]
end

function done(summary, latency)
  local e = summary.errors
  io.write(string.format(
    '{"requests":%d,"seconds":%.6f,"refused":%d,"broken":%d,"p50_ms":%.3f,"p99_ms":%.3f}\n',
    summary.requests, summary.duration / 1e6, e.status,
    e.connect + e.read + e.write + e.timeout,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
