-- Each request writes the word that it searches in other letters, large and small, of
-- which there are more ways than rankings are kept: so that each is ranked anew. It names
-- another port of the same host, too, as in missed.lua, so that no kept answer serves it,
-- and begins anywhere.
math.randomseed(os.time())
local asked = math.random(65535)
request = function()
  asked = asked + 1
  -- The name of the parameter takes the first of its halvings, and nothing of it.
  local turned = asked * 2
  local path = wrk.path:gsub("q=%a+", function(word)
    return word:gsub("%a", function(letter)
      local is_large = turned % 2 == 1
      turned = math.floor(turned / 2)
      return is_large and letter ~= "q" and letter:upper() or letter
    end)
  end)
  wrk.headers["Host"] = "127.0.0.1:" .. asked % 65535 + 1
  return wrk.format("GET", path)
end
