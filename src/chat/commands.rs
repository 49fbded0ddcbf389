//! The commands, with what the messenger's menu says of them.

/// A command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// A question.
    Ask,
    /// The target of an indicator.
    Target,
    /// A term.
    Term,
    /// A list.
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
}

const ALL: &[(Command, &str, &str)] = &[
    (Command::Ask, "ask", "问一个问题，例如：/ask 今年新增城镇就业目标"),
    (Command::Target, "target", "查指标的目标值，例如：/target 失业率"),
    (Command::Term, "term", "查名词解释，例如：/term 放管服"),
    (Command::List, "list", "列出指标，例如：/list 约束性指标"),
    (Command::Deadlines, "deadlines", "下一次什么时候报送，本群报了没有"),
    (Command::Subscribe, "subscribe", "订阅报送提醒，例如：/subscribe 某某街道"),
    (Command::Unsubscribe, "unsubscribe", "停止报送提醒"),
    (Command::Help, "help", "怎么问"),
    (Command::Id, "id", "看自己的编号和本群的编号"),
    (Command::Start, "start", "开始"),
    (Command::Status, "status", "管理员：各单位报送情况"),
    (Command::Clock, "clock", "本地聊天：把时钟拨到某一天"),
    (Command::Reload, "reload", "管理员：重新载入数据"),
];

impl Command {
    /// Reads a command's name.
    pub fn from_name(name: &str) -> Option<Self> {
        ALL.iter().find(|(_, known, _)| *known == name).map(|(command, ..)| *command)
    }

    /// Whether every bot has it, so that a bare one in a group may be meant for another.
    pub fn is_common(self) -> bool {
        matches!(self, Self::Start | Self::Help | Self::Id)
    }

    /// The question that a command with its text stands for.
    pub fn question(self, text: &str) -> String {
        match self {
            Self::Target => format!("{text} 目标"),
            Self::Term => format!("什么是{text}"),
            Self::List => format!("{text} 有哪些指标"),
            _ => text.to_string(),
        }
    }
}

/// Name and description of each command for the messenger's menu; administrators see more.
pub fn menu(admin: bool) -> impl Iterator<Item = (&'static str, &'static str)> {
    let shown = move |command: &Command| match command {
        Command::Start | Command::Clock => false,
        Command::Reload | Command::Status => admin,
        _ => true,
    };
    ALL.iter().filter(move |(command, ..)| shown(command)).map(|(_, name, description)| (*name, *description))
}
