//! What the operating system says in English.

use std::io;

/// Why the system refused something, where it is common; otherwise as the system says it.
pub(crate) fn fault(error: &io::Error) -> String {
    let words = match error.kind() {
        io::ErrorKind::NotFound => "没有这个文件或目录",
        io::ErrorKind::PermissionDenied => "没有权限",
        io::ErrorKind::IsADirectory => "这是目录，不是文件",
        io::ErrorKind::NotADirectory => "路径里有一段不是目录",
        io::ErrorKind::StorageFull => "磁盘满了",
        io::ErrorKind::ReadOnlyFilesystem => "磁盘是只读的",
        io::ErrorKind::AddrInUse => "端口已被占用",
        io::ErrorKind::AddrNotAvailable => "本机没有这个地址",
        _ => return error.to_string(),
    };
    words.to_string()
}
