//! How pages are looked at for pictures: on a desk and on a phone, light and dark.

/// A window and what the reader's system prefers.
pub struct Look {
    /// The beginning of a picture's name.
    pub name: &'static str,
    /// Width and height in CSS pixels.
    pub size: (u32, u32),
    /// The argument of Chromium that sets the preferred scheme of colours.
    pub scheme: &'static str,
}

/// Chromium prefers light pages.
pub const LIGHT: &str = "--blink-settings=preferredColorScheme=1";
/// Chromium prefers dark pages.
pub const DARK: &str = "--blink-settings=preferredColorScheme=0";
const DESKTOP: (u32, u32) = (1280, 900);
const PHONE: (u32, u32) = (390, 844);

/// Every look.
pub const LOOKS: [Look; 4] = [
    look("desktop-light", DESKTOP, LIGHT),
    look("desktop-dark", DESKTOP, DARK),
    look("phone-light", PHONE, LIGHT),
    look("phone-dark", PHONE, DARK),
];

const fn look(name: &'static str, size: (u32, u32), scheme: &'static str) -> Look {
    Look { name, size, scheme }
}
