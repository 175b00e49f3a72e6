//! What a Django project sets beside the options of its S3 storage, as far as storages ask for it.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::domain::Timestamp;

/// The settings of a project that storages read.
#[derive(Clone, Debug)]
pub struct Project {
    /// `USE_TZ`: times carry their zone.
    pub use_tz: bool,
    /// `TIME_ZONE`, for times that carry none.
    pub time_zone: TimeZone,
    /// `AWS_S3_FILE_BUFFER_SIZE`: a file open for writing sends a part when it holds this many bytes.
    pub file_buffer_bytes: usize,
    /// `DEBUG`: links to static files are not mapped to hashed names.
    pub debug: bool,
    /// `STATIC_URL`: where links of stylesheets begin that mean a static file.
    pub static_url: String,
}

/// Least size of a part but the last, by S3's rules: 5 MiB.
const PART_BYTES: usize = 5 * 1024 * 1024;

impl Default for Project {
    fn default() -> Self {
        Self {
            use_tz: false,
            // Django's own default.
            time_zone: TimeZone::get("America/Chicago").unwrap_or(TimeZone::UTC),
            file_buffer_bytes: PART_BYTES,
            debug: false,
            static_url: "/static/".to_owned(),
        }
    }
}

/// When an object was changed, as Django tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModifiedTime {
    /// With its zone, which is UTC.
    Aware(Timestamp),
    /// Without: what the clocks of the project's zone showed.
    Naive(DateTime),
}

impl Project {
    /// A time as `get_modified_time` gives it.
    #[must_use]
    pub fn shown(&self, time: Timestamp) -> ModifiedTime {
        if self.use_tz {
            return ModifiedTime::Aware(time);
        }
        let zoned = jiff::Timestamp::from_second(time.0)
            .unwrap_or(jiff::Timestamp::UNIX_EPOCH)
            .to_zoned(self.time_zone.clone());
        ModifiedTime::Naive(zoned.datetime())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_carry_a_zone_or_show_the_clocks_of_one() {
        let time = Timestamp(1_677_666_030);
        let mut project = Project {
            use_tz: true,
            ..Project::default()
        };
        assert_eq!(project.shown(time), ModifiedTime::Aware(time));
        project.use_tz = false;
        project.time_zone = TimeZone::get("America/New_York").expect("zone");
        let ModifiedTime::Naive(shown) = project.shown(time) else {
            panic!("naive");
        };
        assert_eq!(shown.to_string(), "2023-03-01T05:20:30");
    }
}
