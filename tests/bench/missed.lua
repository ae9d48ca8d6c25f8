-- Each request asks in other words for the same, so that no kept answer serves it.
local asked = 0
request = function()
  asked = asked + 1
  wrk.headers["Accept"] = "application/json, x/" .. asked
  return wrk.format("GET")
end
