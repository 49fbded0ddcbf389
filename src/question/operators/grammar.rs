//! The grammar of question words and its expansion into surfaces.

use super::Operator;
use aho_corasick::AhoCorasick;
use once_cell::sync::Lazy;
use std::ops::Range;

/// The grammar of each class. `(a|b)` is a choice, `x?` or `(…)?` may be absent. A pattern may
/// begin with `<!…>`, letters that must not stand before it, and end with `>!…<`, letters that must
/// not follow.
const GRAMMAR: &[(Operator, &[&str])] = &[
    (
        Operator::Amount,
        &[
            "(是|有|为|达|占)?(多少|几多|好多|几何|若干|几成|几许)",
            "<!哪好第>几>!乎号月率经<",
            "(有|是)?(多|好)(大|高|长|重|深|宽|远|久|快)",
            "百分之(几|多少)",
            "(how many|how much|what number|figure|number)",
            "(什么|啥)(水平|比例|程度|规模|价|数)",
            "(到|至)(哪|何)(个|种)?(水平|位|数|程度)?>!里儿些年月天<",
            "(具体|准确)?(数字|数值|数目|数额)",
            "(的|准|个|俩|这|那)数>!字值目额据量学码控<",
        ],
    ),
    (
        Operator::Why,
        &[
            "(为|因)(什么|何|啥|么|哪样)",
            "(咋|怎么|如何)回事",
            "(怎么|咋)(会|没|这么|那么|不)",
            "(什么|啥|何)?(原因|缘由|缘故|理由|依据|根据)(是)?(什么|啥)?",
            "(凭|由于|因)(什么|啥)",
            "why",
        ],
    ),
    (
        Operator::Define,
        &[
            "(是|指的?是?|说的?是?|叫|算)?(什么|啥|哪样|甚|啥子)(意思|概念|东西|含义|玩意儿?|来头|来路|说法|名堂)",
            "(什么|啥|何|何为|何谓)(是|叫|为|谓)",
            "(是|叫|指)(什么|啥|啥子|哪样|甚么|何意|何物)",
            "(的)?(定义|含义|名词解释|释义|意思|内涵|全称|概念|意涵)(是)?",
            "(怎么|如何|咋)(理解|解释|讲|解读|定义)",
            "(指的是|是指|说的是|意味着)(什么|啥|哪)?",
            "指(什么|啥|哪)",
            "(解释|介绍|科普|说明)(一下|下)?",
            "(what is|what are|what does|meaning|definition|define|stands? for|mean|means)",
            "干(嘛|什么|啥)(的|用的)?",
        ],
    ),
    (
        Operator::Reverse,
        &[
            "(叫|称|称为|称作|叫做|唤作)(什么|啥|啥子|甚)(名字|名)?",
            "(什么|哪个|啥)(叫法|词|名词|术语|称呼|说法|简称|名字)",
            "(简称|缩写|英文名)(是)?(什么|啥)?",
            "(怎么|如何|咋)(称呼|叫|称)",
        ],
    ),
    (
        Operator::When,
        &[
            "(什么|啥|何|几)(时候|时间|时|时分)",
            "<!零>(几号|几月份?|几点|哪天|哪一?(天|年|月|个月)|哪个月|何年何月|何时|何日|几时|多久|哪一年)",
            "(具体)?(日期|日子|截止|期限|时限|时间点|时间)",
            "when",
        ],
    ),
    (
        Operator::Who,
        &[
            "(是)?谁",
            "姓(什么|啥|甚|名谁)",
            "(哪|什么|啥)(个|些|几个|家|几家|一家)?(单位|部门|机构|机关|会议|组织|委办局|人)",
            "(哪届|哪次会议?|哪位|何人|何许人)",
            "(向|给|归|由|找|报|交)(哪|哪儿|哪里|何处)",
            "who",
        ],
    ),
    (
        Operator::Where,
        &[
            "(在|到|是|去)?(哪里|哪儿|何处|哪块|哪方|啥地方|什么地方|哪个地方|哪些地方|哪边)",
            "(的)?(范围|四至|边界|位置|地点|地址)",
            "where",
        ],
    ),
    (
        Operator::List,
        &[
            "(有|是|包括|包含|都有|分别是?|具体是?|指的?是?|为)?(哪些|哪几(个|项|家|类|样|处|条|所|种|大|块)?)",
            "哪(两|二|三|四|五|六|七|八|九|十|十几|几十|2|3|4|5|6|7|8|9)(个|项|家|类|处|条|样|大|种|所|方面|件|张|座|块|支|位|门|场|批|句|点)?",
            "哪(十|1|2)(一|二|三|四|五|六|七|八|九|0|1|2|3|4|5|6|7|8|9)(个|项|家|类|处|条|样|大|种|所|方面|件)?",
            "(都|还)?有(什么|啥)(新)?(东西|内容|动作|花样|名堂|变化)?",
            "(都|分别|各自|具体)(是|有|叫|指|包括)(些)?(什么|啥|谁|哪些)",
            "(列|罗列|列举|数|报|点|念|排)(一?下|出来?|举|全|一列|个名|一遍|一遍名|给我|一?个名)",
            "(名单|清单|明细|名目|名录|目录)",
            "(逐|挨)(条|项|个|件|一|家|句)(一?个)?",
            "一(条一?条|项一?项|件一?件|个一个|家一?家|样一?样|句一?句|一)",
            "(各自?|都|分别|全)(叫|称|名为)",
            "(各|都)(是|有|指)(些)?(什么|啥|哪)",
            "(具体|分别)(是|有|为|指)>!多几否<",
            "(包括|包含|涵盖|涉及|含)(哪些|什么|啥)?",
            "(list|which|all the)",
            "(什么|啥)(和|跟|与)(什么|啥)",
        ],
    ),
    (
        Operator::What,
        &[
            "(什么|啥|啥子|甚么|么子|哪样)",
            "是?(怎样|怎么样|咋样|如何)的",
            "(第几|排第几|老几|几把交椅|排名)",
            "(哪个|哪一?(种|项|样|条|款|类|家|处|所|件)|是哪|哪两)",
            "what",
        ],
    ),
    (
        Operator::Unit,
        &[
            "(计量|计数|用的?)?(什么|啥|哪种|哪个)(计量)?单位",
            "<!工建设理计业管关个位各属报>(计量)?单位(是|用|为|叫)?(什么|啥|哪个)?>!报发负责要需都是否部地<",
            "(以|用|按)(什么|啥)(计|计算|计量|来算)",
            "(是)?(人民币|美元|元|万元|亿元|%|百分数|百分点)(还是|or|或)(人民币|美元|元|万元|亿元|%|百分数|百分点)",
            "是(美元|人民币|亿元|万元|百分点)吗",
            "unit",
        ],
    ),
    (
        Operator::Nature,
        &[
            "(约束|预期|硬|软)(性)?(的|指标)?(还是|or|或者?)(约束|预期|硬|软)(性)?(的|指标)?",
            "(是|算|属于?|是不是|算不算|属不属于)(约束|预期)性(的|不|吗)?",
            "(约束|预期)性>!的指目<",
            "(的|什么|啥|哪种)?(指标)?(属性|性质)",
            "(是|算|属于?|是不是|算不算)(硬|软)(性)?(指标|约束|任务|杠杠)(吗|不)?",
            "binding",
        ],
    ),
    (
        Operator::Category,
        &[
            "(属于?|归|归在|归到|归入|列在|放在|在|算)?(哪|什么|啥)(一)?(个)?(大)?(类别?|板块|部分|方面|块|栏|类型|门类)",
            "(的)?(类别|归类|板块|大类|分类)",
            "category",
        ],
    ),
    (
        Operator::Verdict,
        &[
            "(完成|达标|达到|达成|实现|兑现|做到|做成|落实)(了)?(目标|任务|预期|计划)?(了)?(吗|没有?|么|否|不)>!公人事收<",
            "(是否|有没有?|能否|是不是)(如期|超额|已经?|都)?(完成|达标|达到|达成|实现|兑现|做到|做成)(了)?",
            "(没有?|未|没能|未能)(有)?(完成|达标|达到|达成|实现|兑现|做到|过关)(目标|预期|任务)?(的)?",
            "(完|达)(没|不)(完成|达标|达到)",
            "(超|够|过)(没|不)(超|够|过)(了)?(目标|标)?",
            "(超标|超额|超过目标|超目标|达标|不达标|过关|掉链子|拖后腿)(了)?(吗|没有?|不)?",
            "(离|跟|和|与|距)(年初)?(目标|计划|预期)(还)?(差|远|有)?(多少|多远|距离|差距)?",
            "(跑赢|跑输|赶上|不及|低于|高于|超过|超出)(了)?(目标|预期|计划)(了)?(吗|没有?)?",
            "完成(得)?(情况)?(怎么样|怎样|如何|咋样|好不好)",
            "(压|控|守|保|稳|顶)住(了)?(吗|没有?)?",
            "(控制)(住)?(了)?(吗|没有?)",
            "(完成|达标)率",
            "(completed|met|achieved) (the )?(target|goal)?",
        ],
    ),
    (
        Operator::Compare,
        &[
            "<!对性占可>比>!重例率如<",
            "(对比|相比|比较|相较|较之|比起来?|相比较|vs|pk)",
            "(高|低|多|少|大|小|快|慢|涨|降|升|好|差)(还是|或者?|or)(高|低|多|少|大|小|快|慢|涨|降|升|好|差|持平|一样)(了)?",
            "(提高|上升|增加|上调|调高|升|涨)(了)?还是(降低|下降|减少|下调|调低|降|跌|不变)(了)?",
            "(高|低|多|大|小|快|慢)(出|了|过)(多少|几|好多)?>!解过去<",
            "<!多>少(出|了|过)(多少|几|好多)?",
            "(相差|差距|差别|区别|差异|差额|悬殊|变化|变动|增减|涨跌)",
            "差(了)?(多少|几|好多)",
            "(差|离|距离?|欠)(了)?(目标|计划|任务)(值|数|线)?",
            "(高|低|多|少)不(高|低|多|少)",
            "(变|动|调整|改)(了)?(多少|没有?|吗)",
            "(哪个|谁|哪边)(更|比较)?(高|低|多|少|大|小|快|慢|靠前|赢|领先)",
            "(compare|compared|difference|higher|lower|than|versus)",
        ],
    ),
    (
        Operator::Extreme,
        &[
            "(最|顶)(高|低|大|小|多|少|快|慢|好|差|轻|重|长|短|靠前|靠后|厉害)(的)?",
            "(第一|头一?名|排第一|居首|领跑|垫底|倒数第一|数一数二|大头|冠军|榜首)",
            "(highest|lowest|largest|smallest|most|biggest)",
        ],
    ),
    (
        Operator::How,
        &[
            "(怎么|怎样|如何|咋|咋个|咋样|怎么样|怎的)>!的<",
            "(哪些|什么|啥|有啥)?(举措|措施|做法|办法|打法|抓手|法子|路数|招|要求|安排|动作|说法|规定)",
            "how",
        ],
    ),
    (
        Operator::Target,
        &[
            "(计划|预期|预定|年度|年初|工作|奋斗)?(目标|指标任务)(任务|值|数)?",
            "(预期|计划|预计)(值|数|目标)?>!寿性单<",
            "(年初|原来|当初|最初)?(定|下达|安排|部署)(的|了|为|在|下)(任务|目标|数)?",
            "(打算|争取|力争|拟|准备|原定|规划|预备|有望|想|将|要|需要|需|还要|得|须|应|应该|会)(要)?>!求点素是比多不少么怎哪什几重多<",
            "(要|打算|争取|力争|将)(达到|做到|实现|完成|控制在?|压到|降到|升到|增加到|提高到|新增|建成)",
            "(任务)(数|量|是)?",
            "(红线|底线|上限|下限|门槛)",
            "(target|goal|plan|planned|expected|aim)",
        ],
    ),
    (
        Operator::Actual,
        &[
            "<!要需将>(完成|实现|做到|做成|干到|干成|搞到|达到|达成|落实|建成|办成|拿下|取得|获得|拿到|拿了)(了|数|值|情况|多少)?>!目任率<",
            "(实际|真实|最终|最后|到底|究竟)(值|数|上|是|完成|达到)?",
            "(现状|实绩|结果|执行情况|战绩|成绩单|实数|到手)",
            "(已经|已|曾)>!知<",
            "(actual|actually|result|achieved|completed|real|reached)",
        ],
    ),
    (
        Operator::Report,
        &[
            "(报送|上报|报进展|报进度|报材料|报告进展|交进展|交材料|催报|填报|呈报|送报|交差)",
            "(进展|进度)(情况|报告|材料)?",
            "<!汇通>(报|交|送)(给|到|几次|一次|的时间|截止|东西|啥|什么)",
            "(要|该|用|还|得|需|需要|必须)(不要|不用|得)?(报|交)(吗|不|么|了)?>!纸税通<",
            "(报|交)(报告|总结|材料|数据|表)",
            "(几号|哪天|几月|几时|什么时候|啥时候|何时)(之?前|以前)?(得|要)?(报|交|上交|提交|递交)>!付工房楼通纸税道名考销<",
            "(第一次|首次|下次|下一次|上次|最近一次)(报|交|送)?",
            "(几次|报几次|交几次)",
            "(deadline|due date|submit)",
        ],
    ),
    (
        Operator::Issued,
        &[
            "(印发|发文|成文|签发|落款|颁布|出台|批准|通过|审议)(的|了)?",
            "(文件|通知|报告)(的)?(发布|公布)",
            "(发布|公布|发)的?(日期|时间|单位|机关|部门)",
            "(主送|抄送|发给|下发|印发给)",
            "(文号|发文机关|发文字号)",
            "(作|做|念|宣读)(的|了|出)?(这个|这份|政府工作|工作)?报告",
            "报告(是)?(由|让)?(谁|哪位|哪个)(来)?(作|做|念|宣读)(的|了)?",
            "(谁|哪位)(来)?(作|念|宣读)(的|了)",
            "(会|上)(作|做|念)的",
            "报告(人|者)",
            "(delivered|who read)",
        ],
    ),
    (
        Operator::Indicator,
        &["(主要|目标|经济)?指标", "indicators?"],
    ),
    (
        Operator::Total,
        &[
            "(一共|总共|合计|共计|总计|共有|共|拢共|统共|合起来|加起来|总的|全部|整个|所有)",
            "(分别|各自?|各是|都)",
            "(大概|大约|大致|约莫|差不多|左右)",
            "total",
        ],
    ),
    (
        Operator::Unpublished,
        &[
            "(未|没有?|尚未|还没有?|不)(对外)?(公布|发布|公开|披露)(的)?(数据)?",
            "(没有?|没给|没写|没填)(给|写|填|出)?(具体)?(的)?(数|数据|数字|数值|目标|目标值)(的)?",
            "(空着|空白|横线|横杠|破折号|杠杠|——|—)(的)?",
        ],
    ),
    (
        Operator::Except,
        &[
            "(除了|除开|除去|除|除却|刨去|抛开|去掉|不算|不含|不包括)>!夕<",
            "(以外|之外|外)(的)?>!资贸国商汇地部籍交出界科债<",
            "(不|非)(是|属于|属|在|归)>!不是吗<",
            "(except|other than|not)",
        ],
    ),
    (
        Operator::Premise,
        &[
            "(对|是|真的|没错|属实|行|准|成)(吗|么|吧|不对|不是|嘛|不)>!要<",
            "(是不是|是否|算不算|是)(属于|算是|归)",
            "(对不对|是不是|真的假的|是真的|真假|有没有|是否|算不算|可不可以|能不能|会不会|要不要|属实不|准不准|没错吧|是这样吗|对吧)",
            "<!什怎那这要甚多>(吗|么|嘛)",
            "(有人说|听说|据说|传闻|听人说|都说|记得|我记得|印象中|好像)",
            "(属实|当真|确有其事|没记错|没看错)",
            "(is it|is that|right|true|correct)",
        ],
    ),
    (
        Operator::Up,
        &[
            "(上调|调高|提高|提升|上升|增加|增长|升高|往上|上涨|涨|升|更高|变高|多了|高了|高于)(了)?>!级档息<",
        ],
    ),
    (
        Operator::Down,
        &[
            "(下调|调低|降低|下降|减少|缩减|压减|往下|下跌|下滑|跌|降|更低|变低|低了|低于)(了)?>!价<",
            "<!多>少了",
        ],
    ),
    (
        Operator::Same,
        &["(一样|持平|相同|没变|不变|未变|一致|没动|照旧|同样)(的|吗)?"],
    ),
    (
        Operator::Request,
        &[
            "(请问|请教|求问|打听|麻烦问|想问|问一?下|问问|问)(一下|下|一句|声|个|您|你)?",
            "(请|麻烦|烦请|劳驾|劳烦|拜托|辛苦|帮忙?|替|给)(我|俺|咱|我们|老师|领导|大家|个)?",
            "(查|找|看|核实|核对|确认|翻|搜|告诉|说|讲|发|回|念|给|报|提供|捋)(一?下|一查|看看|一遍|个数|下子|一声)",
            "(告诉|发给|回复|提供给|说给)(我|俺|咱|我们|大家)?",
            "(看看|查查|找找|问问|说说|讲讲|核实|核对|查询|查清|弄清楚?|搞清楚?|弄明白|捋清)",
            "(我)?(想|要|需要|希望|就)?(知道|了解|晓得|确认|打听|咨询)(一?下)?",
            "(有人|谁|哪位)(知道|晓得|清楚|了解)(吗|不|么)?",
            "(能不能|可不可以|能否|可否|可以|能)(帮忙?|给|告诉|说|讲|查|看)(我|下|一下)?",
            "(急|急用|在线等|谢谢|多谢|感谢|谢了|谢啦|劳烦|麻烦了|麻烦|辛苦了|打扰了?|拜谢|有劳)(您|你|了|啦|大家|各位)?",
            "(please|thanks|thank you|tell me|can you|could you|i want to know|need|help)",
            "(你好|您好|哈喽|在吗|在不在|早上好|上午好|下午好|晚上好|hello|hi|hey|各位好|大家好)",
            "(有没有|有没)(提|写|说|讲|提到|写到|说到|讲到|提过|写明)(过|了|到)?",
            "(怎么|咋|如何)(写|说|提|讲|表述|描述|定)(的)?",
            "(这|那)?(一)?(方面|块儿?)",
        ],
    ),
    (
        Operator::More,
        &[
            "(还有|还)(呢|吗|没有?|别的|其他的?|其它的?|什么别的|有没有)(呢|吗|了)?",
            "(别的|其他的|其它的|剩下的|另外的)呢",
        ],
    ),
    (
        Operator::Stock,
        &[
            "(现有|现在|目前|当前|如今|眼下|截至|截止|迄今|至今|累计|总数|总量|存量|现阶段|手上|名下)(有|共|共有|达|达到)?",
            "(现在|目前|如今)(一共|总共|拢共|共)?(有)?",
        ],
    ),
    (
        Operator::Document,
        &[
            "(这份|这个|本|该|那份)?(报告|文件|通知|材料|文档|表格|附件|附表|正文|原文|名词解释|附录|文稿|稿子|文本)(里|里面|中|上|内|当中)?",
            "(表|栏|行)(里|里面|中|上|内)?>!示彰面现情率演扬<",
            "(名词|术语|脚注|备注|注释|条目)",
        ],
    ),
    (
        Operator::Opinion,
        &[
            "(你|您)(个人)?(觉得|看|认为|估计|感觉|怎么看|咋看|说说看|预测)",
            "(怎么|咋|如何)看待?",
            "(虚不虚|靠不靠谱|靠谱吗|值不值得|划不划算|有没有水分|合不合理|难不难)",
        ],
    ),
];

/// One expanded surface of a pattern.
#[derive(Debug)]
pub(super) struct Surface {
    pub(super) operator: Operator,
    not_before: &'static str,
    not_after: &'static str,
    is_latin: bool,
}

impl Surface {
    /// Whether what stands around a span lets it be this surface.
    pub(super) fn fits(&self, letters: &[char], span: &Range<usize>) -> bool {
        let before = span.start.checked_sub(1).and_then(|at| letters.get(at));
        let after = letters.get(span.end);
        let latin = |letter: Option<&char>| letter.is_some_and(char::is_ascii_alphabetic);
        let cut = self.is_latin && (latin(before) || latin(after));
        !cut && before.is_none_or(|c| !self.not_before.contains(*c))
            && after.is_none_or(|c| !self.not_after.contains(*c))
    }
}

pub(super) struct Surfaces {
    pub(super) automaton: Option<AhoCorasick>,
    pub(super) surfaces: Vec<Surface>,
}

/// Every surface of every class, compiled once.
pub(super) static SURFACES: Lazy<Surfaces> = Lazy::new(|| {
    let mut words: Vec<String> = Vec::new();
    let mut surfaces: Vec<Surface> = Vec::new();
    for (operator, patterns) in GRAMMAR {
        for pattern in *patterns {
            let (not_before, core, not_after) = guards(pattern);
            for word in expand(core) {
                if word.is_empty() {
                    continue;
                }
                surfaces.push(Surface {
                    operator: *operator,
                    not_before,
                    not_after,
                    is_latin: word.is_ascii(),
                });
                words.push(word);
            }
        }
    }
    Surfaces {
        automaton: AhoCorasick::new(&words).ok(),
        surfaces,
    }
});

/// Cuts `<!…>` and `>!…<` off a pattern.
fn guards(pattern: &'static str) -> (&'static str, &'static str, &'static str) {
    let (before, rest) = match pattern.strip_prefix("<!").and_then(|p| p.split_once('>')) {
        Some((letters, rest)) if !letters.contains('!') => (letters, rest),
        _ => ("", pattern),
    };
    match rest.split_once(">!") {
        Some((core, after)) => (before, core, after.trim_end_matches('<')),
        None => (before, rest, ""),
    }
}

/// Every word that a pattern stands for.
fn expand(pattern: &str) -> Vec<String> {
    let letters: Vec<char> = pattern.chars().collect();
    let mut at = 0;
    choices(&letters, &mut at)
}

/// Alternatives up to a closing bracket or the end.
fn choices(letters: &[char], at: &mut usize) -> Vec<String> {
    let mut all = Vec::new();
    loop {
        all.extend(sequence(letters, at));
        if letters.get(*at) != Some(&'|') {
            return all;
        }
        *at += 1;
    }
}

/// Pieces one after another up to `|`, `)` or the end.
fn sequence(letters: &[char], at: &mut usize) -> Vec<String> {
    let mut words = vec![String::new()];
    while let Some(letter) = letters.get(*at).copied() {
        if letter == '|' || letter == ')' {
            break;
        }
        *at += 1;
        let mut pieces = if letter == '(' {
            let inner = choices(letters, at);
            *at += 1;
            inner
        } else {
            vec![letter.to_string()]
        };
        if letters.get(*at) == Some(&'?') {
            *at += 1;
            pieces.push(String::new());
        }
        words = words
            .iter()
            .flat_map(|word| pieces.iter().map(move |piece| format!("{word}{piece}")))
            .collect();
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_expand_to_every_form() {
        assert_eq!(expand("(a|b)c?"), ["ac", "a", "bc", "b"]);
        assert_eq!(guards("<!哪>几>!乎号<"), ("哪", "几", "乎号"));
        let count = SURFACES.surfaces.len();
        assert!(count < 60_000, "{count}");
    }
}
