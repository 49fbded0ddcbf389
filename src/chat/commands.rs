//! The commands, with what the messenger's menu says of them.

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Command {
    /// A question.
    Ask,
    /// The target of an indicator.
    Target,
    Term,
    List,
    /// When progress is reported.
    Deadlines,
    /// Reminders for this chat.
    Subscribe,
    /// No more reminders for this chat.
    Unsubscribe,
    /// Who has reported.
    Status,
    /// Another day on the local chat's clock.
    Clock,
    /// How to ask.
    Help,
    /// The first greeting.
    Start,
    /// One's own id and the chat's.
    Id,
    /// New data.
    Reload,
    /// A picture of an indicator, or of all.
    Chart,
    /// How the last question was read.
    Why,
    /// The tables as a file.
    Export,
    /// What could not be answered.
    Unanswered,
}

const ALL: &[(Command, &str, &str)] = &[
    (
        Command::Ask,
        "ask",
        "问一个问题，例如：/ask 今年新增城镇就业目标",
    ),
    (
        Command::Target,
        "target",
        "查指标的目标值，例如：/target 失业率",
    ),
    (Command::Term, "term", "查名词解释，例如：/term 放管服"),
    (Command::List, "list", "列出指标，例如：/list 约束性指标"),
    (
        Command::Chart,
        "chart",
        "画对比图，例如：/chart 失业率，/chart 全部",
    ),
    (Command::Why, "why", "上一问为什么这样答"),
    (Command::Export, "export", "下载指标表和名词解释（XLSX）"),
    (
        Command::Deadlines,
        "deadlines",
        "下一次什么时候报送，本群报了没有",
    ),
    (
        Command::Subscribe,
        "subscribe",
        "订阅报送提醒，例如：/subscribe 某某街道",
    ),
    (Command::Unsubscribe, "unsubscribe", "停止报送提醒"),
    (Command::Help, "help", "怎么问"),
    (Command::Id, "id", "看自己的编号和本群的编号"),
    (Command::Start, "start", "开始"),
    (Command::Status, "status", "管理员：各单位报送情况"),
    (
        Command::Unanswered,
        "unanswered",
        "管理员：答不了的问题，采纳新叫法",
    ),
    (Command::Clock, "clock", "本地聊天：把时钟拨到某一天"),
    (Command::Reload, "reload", "管理员：重新载入数据"),
];

impl Command {
    /// Reads a command's name.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        ALL.iter()
            .find(|(_, known, _)| *known == name)
            .map(|(command, ..)| *command)
    }

    /// Whether every bot has it, so that a bare one in a group may be meant for another.
    pub(crate) fn is_common(self) -> bool {
        matches!(self, Self::Start | Self::Help | Self::Id)
    }

    /// The question that a command with its text stands for.
    pub(crate) fn question(self, text: &str) -> String {
        match self {
            Self::Target => format!("{text} 目标"),
            Self::Term => format!("什么是{text}"),
            Self::List => format!("{text} 有哪些指标"),
            _ => text.to_string(),
        }
    }
}

/// Who sees a menu.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MenuReader {
    /// One person with the bot.
    Private,
    /// Everybody in a group.
    Group,
    /// The administrators of a group.
    ChatAdmin,
    /// An administrator of the bot.
    Admin,
}

/// Name and description of each command for a menu of the messenger.
pub(crate) fn menu(audience: MenuReader) -> impl Iterator<Item = (&'static str, &'static str)> {
    let shown = move |command: &Command| match command {
        Command::Start | Command::Clock => false,
        Command::Reload | Command::Status | Command::Unanswered => audience == MenuReader::Admin,
        // A group's members cannot, only its administrators; their menu is one of its own.
        Command::Subscribe | Command::Unsubscribe => audience != MenuReader::Group,
        _ => true,
    };
    ALL.iter()
        .filter(move |(command, ..)| shown(command))
        .map(|(_, name, description)| (*name, *description))
}
