-- Each request names another port of the same host, so that no kept answer serves it.
-- Nothing else in it is new, as with a reader whose page has just changed: what is asked
-- for, and what the reader takes, are known.
local asked = 0
request = function()
  asked = asked + 1
  wrk.headers["Host"] = "127.0.0.1:" .. asked % 65535 + 1
  return wrk.format("GET")
end
