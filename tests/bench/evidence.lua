-- One body POSTed to paths in turn, as fast as the connections allow.
-- wrk -s evidence.lua URL -- BODY ASKED: the body's file, as it is; each line of ASKED is a token
-- and a path, with a tab between them.
-- The last line of the output is JSON. wrk counts every status above 399 as an error by itself.

local requests = {}
local sent = 0

function init(args)
  local file = io.open(args[1], "rb")
  local body = file:read("*a")
  file:close()
  for line in io.lines(args[2]) do
    local token, path = line:match("^([^\t]+)\t(.*)$")
    requests[#requests + 1] = wrk.format("POST", path, {
      ["Content-Type"] = "application/octet-stream",
      ["Authorization"] = "Bearer " .. token,
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
