-- Many different questions to /api/v1/ask, for wrk: the years and the wordings differ, so that most are asked more than once
-- and some are new. Half of the figures and terms of the shipped plan are among them.
local names = {}
local function encode(text)
  return (text:gsub("[^%w]", function(c) return string.format("%%%02X", string.byte(c)) end))
end
local things = { "失业率", "绿化覆盖率", "GDP增速", "放管服", "实际利用外资", "新增城镇就业", "空气质量优良天数", "研发经费投入强度" }
local asks = { "2022年目标", "2021年完成情况", "是什么", "达标没", "的单位", "属于哪一类", "是约束性吗", "来源" }
for _, thing in ipairs(things) do
  for _, ask in ipairs(asks) do
    names[#names + 1] = "/api/v1/ask?q=" .. encode(thing .. ask)
  end
end
local at = 0
request = function()
  at = at % #names + 1
  return wrk.format("GET", names[at])
end
