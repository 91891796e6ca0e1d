-- Sends the requests of a file in turn and prints what came of them as one line of JSON.
-- A line of the file is METHOD, path, body, then headers as name=value, all separated by tabs.
-- Ten # anywhere in a line become a number that no other request of this run has.

local mark = "##########"
local first, requests, size, at, number = 1, {}, 0, 0, 0

local function fields(line)
  local found = {}
  for field in (line .. "\t"):gmatch("([^\t]*)\t") do found[#found + 1] = field end
  return found
end

local function format(line)
  local all = fields(line)
  local headers = {}
  for i = 4, #all do
    local name, value = all[i]:match("^([^=]*)=(.*)$")
    headers[name] = value
  end
  local body = all[3]
  if body == "" then body = nil end
  return wrk.format(all[1], all[2], headers, body)
end

local function parts(text)
  local all = {}
  local from = 1
  while true do
    local start, stop = text:find(mark, from, true)
    if not start then break end
    all[#all + 1] = text:sub(from, start - 1)
    from = stop + 1
  end
  all[#all + 1] = text:sub(from)
  return all
end

function init(args)
  number = tonumber(args[2])
  for line in io.lines(args[1]) do
    size = size + 1
    local text = parts(format(line))
    requests[size] = #text == 1 and text[1] or text
  end
end

function request()
  at = at % size + 1
  local each = requests[at]
  if type(each) == "string" then return each end
  number = number + 1
  return table.concat(each, ("%010d"):format(number))
end

function done(summary, latency)
  local e = summary.errors
  io.write(("\n{\"requests\":%d,\"seconds\":%.6f,\"errors\":%d,\"p50\":%.4f,\"p99\":%.4f}\n"):format(
    summary.requests, summary.duration / 1e6, e.connect + e.read + e.write + e.status + e.timeout,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
