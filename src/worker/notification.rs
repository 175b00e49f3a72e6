//! A notification of the desktop, for what ends while people look at something else.
//!
//! On desktops of freedesktop.org by their D-Bus interface; elsewhere nothing is shown. It is a courtesy: when nobody takes
//! it, the window says the same once it is looked at.

use std::sync::Arc;

use super::hub::Hub;

pub(super) async fn notify(hub: &Arc<Hub>, text: String) {
    let _shown = hub.blocking(move || show(&text)).await;
}

/// Desktop Notifications Specification, `org.freedesktop.Notifications.Notify`.
#[cfg(all(unix, not(target_os = "macos")))]
fn show(text: &str) -> bool {
    use std::collections::HashMap;
    use zbus::zvariant::Value;

    const PLACE: &str = "org.freedesktop.Notifications";
    // The body may hold markup, which no text of this program is.
    let body = text
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    let hints = HashMap::from([("desktop-entry", Value::from("cooperage"))]);
    let (replaces, actions, usual_time) = (0_u32, Vec::<&str>::new(), -1_i32);
    let message = (
        "Cooperage",
        replaces,
        "cooperage",
        "Cooperage",
        body.as_str(),
        actions,
        hints,
        usual_time,
    );
    let path = "/org/freedesktop/Notifications";
    zbus::blocking::Connection::session()
        .and_then(|bus| bus.call_method(Some(PLACE), path, Some(PLACE), "Notify", &message))
        .is_ok()
}

#[cfg(not(all(unix, not(target_os = "macos"))))]
fn show(_text: &str) -> bool {
    false
}
