//! Where the pointer is while another program drags files over the window.
//!
//! winit reports that files hover, but no pointer moves, until they are dropped. On X11 the server can be asked; on other
//! systems the last known position must do.

#[cfg(target_os = "linux")]
mod x11 {
    use x11rb::connection::Connection as _;
    use x11rb::protocol::xproto::{ConnectionExt as _, Window};
    use x11rb::rust_connection::RustConnection;

    /// A connection to the X server of our own, opened at the first question.
    #[derive(Default)]
    pub(super) struct Server(Option<(RustConnection, Window)>, bool);

    impl Server {
        /// Pointer position in pixels of the whole screen.
        pub(super) fn pointer(&mut self) -> Option<[f32; 2]> {
            if self.0.is_none() && !self.1 {
                self.1 = true;
                if std::env::var_os("DISPLAY").is_some()
                    && let Ok((connection, screen)) = x11rb::connect(None)
                {
                    let root = connection
                        .setup()
                        .roots
                        .get(screen)
                        .map(|screen| screen.root)?;
                    self.0 = Some((connection, root));
                }
            }
            let (connection, root) = self.0.as_ref()?;
            let reply = connection.query_pointer(*root).ok()?.reply().ok()?;
            reply
                .same_screen
                .then_some([f32::from(reply.root_x), f32::from(reply.root_y)])
        }
    }
}

/// Tells the pointer's position during a drag from outside.
#[derive(Default)]
pub(super) struct DragPointer {
    #[cfg(target_os = "linux")]
    server: x11::Server,
}

impl DragPointer {
    /// The pointer's place inside the window in points; `None` when it cannot be told or is outside.
    pub(super) fn position(&mut self, ctx: &egui::Context) -> Option<egui::Pos2> {
        #[cfg(target_os = "linux")]
        {
            let [x, y] = self.server.pointer()?;
            let window = ctx.input(|input| input.viewport().inner_rect)?;
            let inside =
                (egui::vec2(x, y) / ctx.pixels_per_point() - window.min.to_vec2()).to_pos2();
            ctx.content_rect().contains(inside).then_some(inside)
        }
        #[cfg(not(target_os = "linux"))]
        ctx.input(|input| input.pointer.latest_pos())
    }
}
