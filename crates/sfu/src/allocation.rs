//! What each tile of a subscriber gets of its network: a pure function.
//!
//! The sound is paid for before anything is divided. Then every tile gets the least that shows
//! something, in the order of service; what is left raises them class by class, in turns within a
//! class, until each has what its size can show.
//!
//! Estimates waver and a change of layer is seen, so what is carried already is kept a little
//! longer than the link seems to allow, and something better is begun only with room to spare.

use std::time::Duration;

/// What is carried may cost this much more than the link seems to carry, in percent of it.
const KEEPS_UP_TO: u64 = 105;
/// The last picture may cost this much more than the link seems to carry, in percent of it.
const LAST_KEEPS_UP_TO: u64 = 150;
/// A layer of at least this part of a tile's height is enough for it, in percent.
const SHARP_ENOUGH: u64 = 75;

/// This part of the most that a layer cost of late must fit before it is begun, in percent.
const PEAK_SHARE: u64 = 80;

/// What does not fit even at its least is given up after this time.
const PATIENCE: Duration = Duration::from_secs(1);
/// The same for a screen.
const SCREEN_PATIENCE: Duration = Duration::from_secs(8);

/// One way to carry a track.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rung {
    /// The place of the layer in its track.
    pub(crate) layer: usize,
    /// The highest temporal layer.
    pub(crate) temporal: u8,
    /// What it costs, in bits a second.
    pub(crate) cost: u64,
    /// The height of its picture, in pixels.
    pub(crate) height: u16,
    /// What all of its layer cost at most of late, in bits a second; nothing where that is not known.
    pub(crate) peak: u64,
}

/// A tile that wants a picture. Tiles come in the order of service.
#[derive(Debug, Clone)]
pub(crate) struct Tile {
    /// Tiles of one class are raised in turns, those of a class before all that follow.
    pub(crate) class: u16,
    /// Its height on the screen, in pixels.
    pub(crate) height: u16,
    /// The ways to carry its track, each better and dearer than the one before.
    pub(crate) rungs: Vec<Rung>,
    /// Which of them it is carried by.
    pub(crate) current: Option<usize>,
    /// Whether it may get something better now.
    pub(crate) may_rise: bool,
    /// Whether it shows a screen, which comes in bursts and is worth more than any face.
    pub(crate) is_screen: bool,
}

/// How the network is divided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Division {
    /// The rung of each tile; nothing where there is no room for any.
    pub(crate) rungs: Vec<Option<usize>>,
    /// What that costs, in bits a second.
    pub(crate) cost: u64,
    /// What the next better thing would cost in all, when there is one.
    pub(crate) next: Option<u64>,
    /// What everything that the tiles can show would cost; at least what the dearest of them would
    /// cost if it were large.
    pub(crate) wanted: u64,
    /// Whether something that is shown does not fit.
    pub(crate) is_short: bool,
}

/// Divides a network that carries `budget` bits a second, of which `limit` may be taken by what gets
/// better.
///
/// What is shown disappears only when it did not fit for a while, `short_for` so long by now: an estimate
/// dips for a moment when a keyframe goes out, and for longer when a page of a screen does.
pub(crate) fn divide(budget: u64, limit: u64, short_for: Duration, tiles: &[Tile]) -> Division {
    let keeps_up_to = (budget / 100).saturating_mul(KEEPS_UP_TO);
    let mut share = Share { budget: keeps_up_to, limit, cost: 0 };
    let mut rungs: Vec<Option<usize>> = tiles
        .iter()
        .map(|tile| if tile.is_screen { share.show_screen(tile, budget) } else { share.show(tile) })
        .collect();
    let mut is_short = false;
    for (tile, rung) in tiles.iter().zip(&mut rungs).filter(|(tile, rung)| tile.current.is_some() && rung.is_none()) {
        is_short = true;
        let patience = if tile.is_screen { SCREEN_PATIENCE } else { PATIENCE };
        if short_for < patience
            && let Some(first) = tile.rungs.first()
        {
            share.cost = share.cost.saturating_add(first.cost);
            *rung = Some(0);
        }
    }
    if let Some((tile, rung)) = tiles.first().zip(rungs.first_mut()).filter(|_| share.cost == 0) {
        // One picture at its least is worth a try where there is any room for it: nothing else tells
        // what the network carries. Without it padding would be sent.
        let bound = (budget / 100).saturating_mul(if tile.current.is_some() { LAST_KEEPS_UP_TO } else { 100 });
        share = Share { budget: bound, limit: bound, ..share };
        *rung = share.show(tile);
        share = Share { budget: keeps_up_to, limit, ..share };
    }
    let mut begin = 0;
    while let Some(class) = tiles.get(begin).map(|tile| tile.class) {
        let end = begin + tiles.iter().skip(begin).take_while(|tile| tile.class == class).count();
        while raise_each(&mut share, tiles, &mut rungs, begin..end) {}
        begin = end;
    }
    let steps = tiles.iter().zip(&rungs).filter_map(|(tile, rung)| {
        let next = rung.map_or(0, |rung| rung + 1);
        (next <= tile.enough()?).then(|| tile.whole(next).1.saturating_sub(tile.cost(*rung)))
    });
    let next = steps.min().map(|step| share.cost.saturating_add(step));
    let shown = tiles.iter().map(|tile| tile.cost(tile.enough())).fold(0, u64::saturating_add);
    // An estimate falls to what is asked for, and is not found again before a tile that is made large
    // should be sharp.
    let large =
        tiles.iter().filter_map(|tile| tile.rungs.last()).map(|rung| rung.cost.max(rung.peak / 100 * PEAK_SHARE)).max();
    let wanted = shown.max(large.unwrap_or(0));
    Division { rungs, cost: share.cost, next, wanted, is_short }
}

/// Raises each tile of a class by one rung where there is room; says whether any was raised.
fn raise_each(share: &mut Share, tiles: &[Tile], rungs: &mut [Option<usize>], class: std::ops::Range<usize>) -> bool {
    let mut raised = false;
    for (tile, rung) in tiles.iter().zip(rungs.iter_mut()).skip(class.start).take(class.len()) {
        let Some(next) = rung.map(|rung| rung + 1).filter(|next| tile.enough() >= Some(*next)) else { continue };
        let has = tile.cost(*rung);
        let reached = if tile.current >= Some(next) {
            share.take(tile.cost(Some(next)).saturating_sub(has), true).then_some(next)
        } else {
            let (whole, needed) = tile.whole(next);
            let step = tile.cost(Some(whole)).saturating_sub(has);
            (tile.may_rise && share.begin(step, needed.saturating_sub(has))).then_some(whole)
        };
        if reached.is_some() {
            *rung = reached;
            raised = true;
        }
    }
    raised
}

/// What of the network is taken.
struct Share {
    /// What it may be with what is carried already, and with anything more.
    budget: u64,
    limit: u64,
    cost: u64,
}

impl Share {
    /// The first rung of a tile, if there is room.
    fn show(&mut self, tile: &Tile) -> Option<usize> {
        let first = tile.rungs.first()?;
        let keeps = tile.current.is_some();
        ((keeps || tile.may_rise) && self.take(first.cost, keeps)).then_some(0)
    }

    /// The first rung of a screen: faces get what it leaves. What it costs is a mean, and above the
    /// budget for a while it takes all of it, late.
    fn show_screen(&mut self, tile: &Tile, budget: u64) -> Option<usize> {
        let first = tile.rungs.first()?;
        let bound = if tile.current.is_some() { (budget / 100).saturating_mul(LAST_KEEPS_UP_TO) } else { budget };
        let fits = budget > 0 && self.cost.saturating_add(first.cost) <= bound;
        if !fits || (tile.current.is_none() && !tile.may_rise) {
            return None;
        }
        self.cost = self.cost.saturating_add(first.cost).min(self.cost.max(budget));
        Some(0)
    }

    /// Something that gets better for so much more, where there is room for what is `needed`.
    fn begin(&mut self, step: u64, needed: u64) -> bool {
        let fits = self.cost.saturating_add(needed.max(step)) <= self.limit;
        if fits {
            self.cost = self.cost.saturating_add(step);
        }
        fits
    }

    fn take(&mut self, step: u64, keeps: bool) -> bool {
        let cost = self.cost.saturating_add(step);
        let fits = cost <= if keeps { self.budget } else { self.limit };
        if fits {
            self.cost = cost;
        }
        fits
    }
}

impl Tile {
    /// The best rung that its size can show: all of the lowest layer that is sharp enough.
    fn enough(&self) -> Option<usize> {
        let sharp = |rung: &&Rung| u64::from(rung.height) * 100 >= u64::from(self.height) * SHARP_ENOUGH;
        let layer = self.rungs.iter().find(sharp).or(self.rungs.last())?.layer;
        self.rungs.iter().rposition(|rung| rung.layer == layer)
    }

    /// The rung that it gets for this one, and what there must be room for, in bits a second. Another layer
    /// is begun with all of its frames and as if it cost nearly the most that it did of late: what does not
    /// fit would soon be given up again.
    fn whole(&self, next: usize) -> (usize, u64) {
        let Some(rung) = self.rungs.get(next) else { return (next, 0) };
        let before = next.checked_sub(1).and_then(|before| self.rungs.get(before));
        if before.is_none_or(|before| before.layer == rung.layer) {
            return (next, rung.cost);
        }
        let whole = self.rungs.iter().rposition(|it| it.layer == rung.layer).unwrap_or(next);
        (whole, self.cost(Some(whole)).max(rung.peak / 100 * PEAK_SHARE))
    }

    /// What its first rung costs.
    pub(crate) fn least(&self) -> u64 {
        self.rungs.first().map_or(0, |rung| rung.cost)
    }

    fn cost(&self, rung: Option<usize>) -> u64 {
        rung.and_then(|rung| self.rungs.get(rung)).map_or(0, |rung| rung.cost)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn divide(budget: u64, tiles: &[Tile]) -> Division {
        super::divide(budget, budget / 100 * 87, SCREEN_PATIENCE, tiles)
    }

    const COSTS: [u64; 3] = [150_000, 500_000, 1_500_000];

    fn tile(class: u16, height: u16, current: Option<usize>) -> Tile {
        let rungs = COSTS.iter().zip([180, 360, 720]).enumerate();
        let rungs =
            rungs.map(|(layer, (cost, height))| Rung { layer, temporal: 0, cost: *cost, height, peak: 0 }).collect();
        Tile { class, height, rungs, current, may_rise: true, is_screen: false }
    }

    #[test]
    fn a_tile_gets_no_more_than_its_size_can_show() {
        for (height, rung) in [(90, 0), (240, 0), (241, 1), (480, 1), (481, 2), (2000, 2)] {
            assert_eq!(divide(10_000_000, &[tile(0, height, None)]).rungs, [Some(rung)], "{height}");
        }
    }

    #[test]
    fn everyone_is_seen_before_anyone_is_seen_better() {
        let tiles = [tile(0, 720, None), tile(1, 720, None), tile(1, 720, None)];
        assert_eq!(divide(600_000, &tiles).rungs, [Some(0), Some(0), Some(0)]);
        assert_eq!(divide(400_000, &tiles).rungs, [Some(0), Some(0), None]);
        // Then the first class before the second, and equals in turns.
        assert_eq!(divide(2_100_000, &tiles).rungs, [Some(2), Some(0), Some(0)]);
        assert_eq!(divide(2_900_000, &tiles).rungs, [Some(2), Some(1), Some(1)]);
        assert_eq!(divide(20_000_000, &tiles).rungs, [Some(2), Some(2), Some(2)]);
    }

    #[test]
    fn a_screen_goes_before_faces_and_is_given_up_late() {
        let screen = |cost, current| {
            let rungs = vec![Rung { layer: 0, temporal: u8::MAX, cost, height: 1080, peak: 0 }];
            Tile { class: 0, height: 720, rungs, current, may_rise: true, is_screen: true }
        };
        let face = tile(1, 180, Some(0));
        assert_eq!(divide(400_000, &[screen(300_000, None), face.clone()]).rungs, [Some(0), None]);
        assert_eq!(divide(500_000, &[screen(300_000, None), face.clone()]).rungs, [Some(0), Some(0)]);
        assert_eq!(divide(400_000, &[screen(500_000, Some(0)), face.clone()]).rungs, [Some(0), None]);
        assert_eq!(divide(400_000, &[screen(700_000, Some(0)), face.clone()]).rungs, [None, Some(0)]);
        assert_eq!(divide(400_000, &[screen(500_000, None), face]).rungs, [None, Some(0)]);
        assert_eq!(divide(0, &[screen(1_000, None)]).rungs, [None], "sound goes before it");
    }

    #[test]
    fn what_is_shown_is_not_given_up_for_a_moment() {
        let face = tile(0, 180, Some(0));
        let shown = |short_for, tile: &Tile| super::divide(80_000, 70_000, short_for, std::slice::from_ref(tile));
        assert_eq!(shown(PATIENCE / 2, &face).rungs, [Some(0)]);
        assert!(shown(PATIENCE / 2, &face).is_short);
        assert_eq!(shown(PATIENCE, &face).rungs, [None]);
        let screen = Tile { is_screen: true, ..face };
        assert_eq!(shown(PATIENCE, &screen).rungs, [Some(0)]);
        assert_eq!(shown(SCREEN_PATIENCE, &screen).rungs, [None]);
    }

    #[test]
    fn what_wavers_around_a_layer_s_cost_changes_nothing() {
        for budget in (1_430_000..1_720_000).step_by(10_000) {
            for current in [1, 2] {
                let chosen = divide(budget, &[tile(0, 720, Some(current))]).rungs;
                assert_eq!(chosen, [Some(current)], "{budget}");
            }
        }
        assert_eq!(divide(1_400_000, &[tile(0, 720, Some(2))]).rungs, [Some(1)]);
        assert_eq!(divide(1_730_000, &[tile(0, 720, Some(1))]).rungs, [Some(2)]);
    }

    #[test]
    fn the_last_picture_is_given_up_late() {
        let shown = |budget, current| divide(budget, &[tile(0, 720, current), tile(0, 720, None)]).rungs;
        assert_eq!(shown(151_000, None), [Some(0), None]);
        assert_eq!(shown(149_000, None), [None, None]);
        assert_eq!(shown(101_000, Some(0)), [Some(0), None]);
        assert_eq!(shown(99_000, Some(0)), [None, None]);
    }

    #[test]
    fn what_may_not_rise_keeps_what_it_has() {
        let mut held = tile(0, 720, Some(1));
        held.may_rise = false;
        assert_eq!(divide(10_000_000, &[held.clone()]).rungs, [Some(1)]);
        held.current = None;
        assert_eq!(divide(10_000_000, &[held]).rungs, [None]);
    }

    #[test]
    fn another_layer_is_begun_where_all_of_it_fits_at_its_worst() {
        let rung = |layer, temporal, cost| Rung {
            layer,
            temporal,
            cost,
            height: [180, 360][layer],
            peak: [0, 600_000][layer],
        };
        let rungs = vec![rung(0, 0, 50_000), rung(0, 1, 150_000), rung(1, 0, 200_000), rung(1, 1, 400_000)];
        let tile = |current| Tile { rungs: rungs.clone(), ..tile(0, 720, Some(current)) };
        let shown = |budget, current| divide(budget, &[tile(current)]).rungs;
        assert_eq!(shown(100_000, 0), [Some(0)]);
        assert_eq!(shown(500_000, 0), [Some(1)], "all of the layer that it has, and not half of the next");
        assert_eq!(shown(550_000, 1), [Some(1)], "it fits now, and would not have a moment ago");
        assert_eq!(shown(600_000, 1), [Some(3)]);
        assert_eq!(divide(500_000, &[tile(1)]).next, Some(480_000));
        assert_eq!(divide(500_000, &[tile(1)]).wanted, 480_000);
        for budget in (300_000..1_200_000).step_by(10_000) {
            let rungs = divide(budget, &[tile(1), tile(1)]).rungs;
            assert!(!rungs.contains(&Some(2)), "two that share a network, {budget}");
        }
        assert_eq!(shown(400_000, 3), [Some(3)], "what is carried stays");
        assert_eq!(shown(250_000, 3), [Some(2)], "and loses frames first");
        assert_eq!(shown(400_000, 2), [Some(2)]);
        assert_eq!(shown(500_000, 2), [Some(3)]);
    }

    #[test]
    fn it_says_what_would_be_next_and_what_is_wanted() {
        let division = divide(700_000, &[tile(0, 720, None), tile(0, 180, None)]);
        assert_eq!(division.rungs, [Some(0), Some(0)]);
        assert_eq!((division.cost, division.next, division.wanted), (300_000, Some(650_000), 1_650_000));
        assert_eq!(divide(10_000_000, &[tile(0, 720, None)]).next, None);
    }

    proptest! {
        #[test]
        fn it_never_gives_more_than_there_is(
            budget in 0_u64..5_000_000,
            kinds in proptest::collection::vec((0_u16..3, 1_u16..1200, proptest::option::of(0_usize..3), any::<bool>()), 0..12),
        ) {
            let mut kinds = kinds;
            kinds.sort_by_key(|(class, ..)| *class);
            let tiles: Vec<Tile> = kinds
                .into_iter()
                .map(|(class, height, current, may_rise)| Tile { may_rise, ..tile(class, height, current) })
                .collect();
            let division = divide(budget, &tiles);
            let cost: u64 = division.rungs.iter().flatten().map(|rung| COSTS[*rung]).sum();
            prop_assert_eq!(cost, division.cost);
            let shown = division.rungs.iter().flatten().count();
            let most = if shown == 1 { LAST_KEEPS_UP_TO } else { KEEPS_UP_TO };
            prop_assert!(cost <= budget / 100 * most);
            prop_assert!(cost <= division.wanted);
            for (tile, rung) in tiles.iter().zip(&division.rungs) {
                prop_assert!(*rung <= tile.enough());
                prop_assert!(tile.may_rise || *rung <= tile.current);
            }
            // Nothing that has what it wants changes when it is divided again.
            let again: Vec<Tile> = tiles
                .iter()
                .zip(&division.rungs)
                .map(|(tile, rung)| Tile { current: *rung, may_rise: false, ..tile.clone() })
                .collect();
            prop_assert_eq!(divide(budget, &again).rungs, division.rungs);
        }
    }
}
