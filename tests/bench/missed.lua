-- Each request names another port of the same host, so that no kept answer serves it.
-- Nothing else in it is new, as with a reader whose page has just changed: what is asked
-- for, and what the reader takes, are known. It begins anywhere, so that another run
-- does not ask the same again.
math.randomseed(os.time())
local asked = math.random(65535)
request = function()
  asked = asked + 1
  wrk.headers["Host"] = "127.0.0.1:" .. asked % 65535 + 1
  return wrk.format("GET")
end
