//! Why the state cannot be used.

use super::FORMAT;
use std::io::{self, ErrorKind};
use std::path::PathBuf;
use thiserror::Error;

/// Why the state cannot be used; one sentence for the person who runs the bot.
#[derive(Debug, Error)]
pub enum StoreError {
    /// Another process has it.
    #[error(
        "状态目录 {0} 正被另一个 planbot 使用；请先停掉它，或在 bot.toml 的 [paths] state 换一个目录"
    )]
    Locked(PathBuf),
    /// A newer planbot wrote it.
    #[error(
        "状态目录 {path} 是更新版本写的（格式 {found}，本程序认识到 {FORMAT}）；请用新版 planbot，目录未改动"
    )]
    Newer {
        /// The directory.
        path: PathBuf,
        /// Its form.
        found: u32,
    },
    /// It was written before, and nothing can be read any more.
    #[error("状态目录 {0} 里的记录读不出来；请从备份恢复，或把它改名保存后重新开始（订阅要重做）")]
    Damaged(PathBuf),
    /// It cannot be read or written.
    #[error(
        "状态目录 {path} 无法使用（{}{source}）；请检查磁盘空间和权限，或从备份恢复，目录未改动",
        in_words(source)
    )]
    Unusable {
        /// The directory.
        path: PathBuf,
        /// What sled says.
        source: sled::Error,
    },
    /// What was written could not be brought to disk.
    #[error("记录没能写到磁盘（{0}）；请检查磁盘后重新启动 planbot")]
    Flush(String),
    /// A record could not be written as JSON.
    #[error("记录无法写成 JSON：{0}")]
    Record(#[from] serde_json::Error),
}

impl StoreError {
    /// Whether it is the disk's, and may pass without anybody changing a setting: a disk that is
    /// full, read-only or failing. A running bot waits for its end; one that starts is started
    /// again.
    pub fn may_pass(&self) -> bool {
        match self {
            Self::Unusable {
                source: sled::Error::Io(io),
                ..
            } => !is_of_the_place(io),
            // sled stays with its first fault until it is opened anew, and what it lost is brought
            // back from the journal then.
            Self::Unusable { .. } | Self::Flush(_) => true,
            Self::Locked(_) | Self::Newer { .. } | Self::Damaged(_) | Self::Record(_) => false,
        }
    }

    /// The cause alone, for a sentence that says the rest itself.
    pub fn cause(&self) -> String {
        match self {
            Self::Unusable { source, .. } => match in_words(source) {
                "" => source.to_string(),
                words => words.trim_end_matches('，').to_string(),
            },
            other => other.to_string(),
        }
    }
}

/// Whether what is wrong is the place where the state is to be, or what stands there.
fn is_of_the_place(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::PermissionDenied
            | ErrorKind::NotFound
            | ErrorKind::NotADirectory
            | ErrorKind::IsADirectory
            | ErrorKind::AlreadyExists
            | ErrorKind::InvalidInput
            | ErrorKind::Unsupported
    )
}

/// The faults of a disk that a person can mend, in words.
fn in_words(error: &sled::Error) -> &'static str {
    match error {
        sled::Error::Io(io) => match io.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "磁盘已满，",
            ErrorKind::FileTooLarge => "文件大小到了上限，",
            ErrorKind::ReadOnlyFilesystem => "磁盘是只读的，",
            ErrorKind::PermissionDenied => "没有权限，",
            ErrorKind::InvalidData => "记录有损坏，重新启动 planbot 会从日志补回，",
            _ => "",
        },
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unusable(source: sled::Error) -> StoreError {
        StoreError::Unusable {
            path: PathBuf::from("state"),
            source,
        }
    }

    #[test]
    fn only_what_a_person_must_mend_stays() {
        let io = |kind: ErrorKind| unusable(sled::Error::Io(kind.into()));
        let failing = unusable(sled::Error::Io(io::Error::from_raw_os_error(5)));
        let own = unusable(sled::Error::ReportableBug("a thread ended".to_string()));
        let torn = io(ErrorKind::InvalidData);
        let stopped = StoreError::Flush("cancelled".to_string());
        for passes in [failing, own, torn, stopped, io(ErrorKind::StorageFull)] {
            assert!(passes.may_pass(), "{passes}");
        }
        let locked = StoreError::Locked(PathBuf::from("state"));
        for stays in [io(ErrorKind::PermissionDenied), locked] {
            assert!(!stays.may_pass(), "{stays}");
        }
    }
}
