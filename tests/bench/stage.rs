//! The house that is measured: 60 members with photos, all of them here.

use crate::numbers::Sample;
use crate::{Outcome, disk};
use image::ExtendedColorType;
use image::codecs::jpeg::JpegEncoder;
use presence_daemon::config::{Config, Role};
use presence_daemon::house::House;
use voisins_shared::demo::portrait;
use voisins_tests::world::{Plan, World, name};

/// People on the screen.
pub const MEMBERS: usize = 60;
/// The kiosk that is measured, and the reader beside it.
pub const PLACE: &str = "cafe";
/// The side of a photo, in pixels.
const PHOTO: u32 = 288;

/// The house.
#[derive(Debug)]
pub struct Stage {
    /// pcscd, the daemon, its broker.
    pub world: World,
}

impl Stage {
    /// Furnishes the house; the daemon is not started. Also what the disk takes by itself.
    pub fn lay_out() -> Outcome<(Self, Sample)> {
        // who taps leaves or comes, so that the dialog of each tap is of another kind than the one before it
        let readers = vec![("ACS ACR122U PICC Interface", "name = \"cafe\"\nrole = \"toggle\"\nbeside = \"cafe\"")];
        let config = "double_tap_window = \"1ms\"\n".to_owned();
        let world = World::laid_out(&Plan { readers, config, members: MEMBERS, log: "info", ..Plan::default() });
        let alone = furnish(&world)?;
        Ok((Self { world }, alone))
    }
}

fn furnish(world: &World) -> Outcome<Sample> {
    let mut house = House::open(Config::load(&world.config())?)?;
    for n in 0..MEMBERS {
        let member = house.find(&name(n))?;
        house.set_photo(member, &photo(n)?)?;
    }
    let reader = house.config().readers.first().ok_or("a reader")?.name.clone();
    for n in 0..MEMBERS {
        disk::tap(&mut house, &reader, Role::Arrival, n)?;
    }
    disk::alone(&mut house, &reader, MEMBERS)
}

fn photo(n: usize) -> Outcome<Vec<u8>> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, 88).encode(&portrait(n, PHOTO), PHOTO, PHOTO, ExtendedColorType::Rgb8)?;
    Ok(bytes)
}
