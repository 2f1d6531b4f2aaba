-- POSTs one after the other, each once, as fast as the connections allow.
-- wrk -s posts.lua URL -- ASKED TOKENS: each line of ASKED is the number of a token, a path and a
-- body, with a tab between them; one token per line.
-- The last line of the output is JSON. Past the last one the first is sent again, and refused.

local requests = {}
local sent = 0

function init(args)
  local tokens = {}
  for line in io.lines(args[2]) do
    tokens[#tokens + 1] = line
  end
  for line in io.lines(args[1]) do
    local token, path, body = line:match("^(%d+)\t([^\t]+)\t(.*)$")
    requests[#requests + 1] = wrk.format("POST", path, {
      ["Content-Type"] = "application/json",
      ["Authorization"] = "Bearer " .. tokens[tonumber(token) + 1],
    }, body)
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
