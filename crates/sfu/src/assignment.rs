//! Which track goes into which slot: a pure function, so that tiles swap and never reshuffle.

/// Puts the `wanted` tracks into slots that carry `current` now.
///
/// The first wanted ones are served, as many as there are slots. What stays wanted stays in its
/// slot; the others fill the slots that came free, in order.
pub(crate) fn assign<T: PartialEq + Clone>(current: &[Option<T>], wanted: &[T]) -> Vec<Option<T>> {
    let wanted = wanted.get(..current.len()).unwrap_or(wanted);
    let mut slots: Vec<Option<T>> = Vec::with_capacity(current.len());
    for track in current {
        let stays = track.as_ref().is_some_and(|track| wanted.contains(track) && !slots.contains(&Some(track.clone())));
        slots.push(track.clone().filter(|_| stays));
    }
    for track in wanted {
        if slots.contains(&Some(track.clone())) {
            continue;
        }
        if let Some(free) = slots.iter_mut().find(|slot| slot.is_none()) {
            *free = Some(track.clone());
        }
    }
    slots
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn tiles_that_stay_keep_their_slot() {
        let current = [Some('a'), Some('b'), Some('c')];
        assert_eq!(assign(&current, &['c', 'd', 'a']), [Some('a'), Some('d'), Some('c')]);
        assert_eq!(assign(&current, &['b']), [None, Some('b'), None]);
        assert_eq!(assign(&current, &['d', 'e', 'f', 'a']), [Some('d'), Some('e'), Some('f')]);
    }

    proptest! {
        #[test]
        fn the_first_wanted_are_served_once_and_nobody_moves(
            current in proptest::collection::vec(proptest::option::of(0_u8..12), 0..8),
            wanted in proptest::collection::vec(0_u8..12, 0..12),
        ) {
            let slots = assign(&current, &wanted);
            prop_assert_eq!(slots.len(), current.len());
            let served: Vec<u8> = slots.iter().flatten().copied().collect();
            for (place, track) in served.iter().enumerate() {
                prop_assert!(!served[..place].contains(track));
            }
            for track in wanted.iter().take(current.len()) {
                prop_assert!(served.contains(track));
            }
            for (before, after) in current.iter().zip(&slots) {
                let once = current.iter().filter(|slot| *slot == before).count() == 1;
                if before.is_some_and(|before| once && served.contains(&before)) {
                    prop_assert_eq!(before, after);
                }
            }
        }
    }
}
