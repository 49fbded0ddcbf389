//! Who may sit, and who makes room: of those on whose connection nothing is being done, the one
//! that did nothing for longest, of the address that has most.
//!
//! So whoever opens connections only to hold them displaces itself, and nobody whose request is
//! being answered is ever cut off for another.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::Notify;

/// So often it is looked whether a connection still does nothing.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// All seats of a listener.
pub(super) struct Seats {
    most: usize,
    of_one_address: usize,
    taken: Mutex<Sitting>,
}

#[derive(Default)]
struct Sitting {
    last: u64,
    seats: HashMap<u64, Seat>,
}

/// A connection's seat; requests find it among their extensions.
#[derive(Clone)]
pub struct Seat {
    address: IpAddr,
    leave: Arc<Notify>,
    doing: Arc<Mutex<Doing>>,
}

struct Doing {
    requests: usize,
    idle_since: Instant,
}

/// A seat as long as it is taken.
pub(super) struct TakenSeat {
    seats: Arc<Seats>,
    number: u64,
    seat: Seat,
}

/// As long as it lives, something is being done for the connection.
pub struct AtWork(Arc<Mutex<Doing>>);

impl Seats {
    pub(super) fn new(most: usize, of_one_address: usize) -> Self {
        Self {
            most,
            of_one_address,
            taken: Mutex::default(),
        }
    }

    /// Takes a seat, where there is one or somebody makes room.
    pub(super) fn take(self: &Arc<Self>, address: IpAddr) -> Option<TakenSeat> {
        let address = owner(address);
        let mut sitting = self.lock();
        let of_address = |seat: &Seat| seat.address == address;
        let own = sitting
            .seats
            .values()
            .filter(|seat| of_address(seat))
            .count();
        let leaver = if own >= self.of_one_address {
            // Whose request is being answered makes room for nobody: then there is no seat.
            Some(idlest(&sitting.seats, of_address)?)
        } else if sitting.seats.len() >= self.most {
            Some(idlest(&sitting.seats, |_| true)?)
        } else {
            None
        };
        if let Some(seat) = leaver.and_then(|leaver| sitting.seats.remove(&leaver)) {
            // One permit stays where nobody waits yet, so a connection that has just begun hears it
            // too. It is out of the list before it has gone, so that it does not count against the
            // next one.
            seat.leave.notify_one();
        }
        sitting.last += 1;
        let number = sitting.last;
        let seat = Seat {
            address,
            leave: Arc::new(Notify::new()),
            doing: Arc::new(Mutex::new(Doing {
                requests: 0,
                idle_since: Instant::now(),
            })),
        };
        sitting.seats.insert(number, seat.clone());
        drop(sitting);
        Some(TakenSeat {
            seats: Arc::clone(self),
            number,
            seat,
        })
    }

    fn lock(&self) -> MutexGuard<'_, Sitting> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whose an address is: of IPv6 everybody has a whole network.
fn owner(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        address => address,
    }
}

/// Whoever makes room among some.
fn idlest(seats: &HashMap<u64, Seat>, among: impl Fn(&Seat) -> bool) -> Option<u64> {
    let mut held: HashMap<IpAddr, usize> = HashMap::new();
    for seat in seats.values() {
        *held.entry(seat.address).or_default() += 1;
    }
    let idle = seats.iter().filter(|(_, seat)| among(seat));
    let idle = idle.filter_map(|(number, seat)| Some((number, seat, seat.idle_since()?)));
    let first = idle.min_by_key(|(_, seat, since)| {
        let held = held.get(&seat.address).copied().unwrap_or_default();
        (std::cmp::Reverse(held), *since)
    });
    first.map(|(number, ..)| *number)
}

impl Seat {
    /// Something is being done: until that ends, the connection makes room for nobody.
    pub fn work(&self) -> AtWork {
        self.lock().requests += 1;
        AtWork(Arc::clone(&self.doing))
    }

    /// Waits until it is to make room.
    pub(super) async fn makes_room(&self) {
        self.leave.notified().await;
    }

    /// Waits until nothing was done for so long.
    pub(super) async fn is_idle_for(&self, time: Duration) {
        let begun = Instant::now();
        loop {
            // Who was idle long before gets the whole time all the same.
            let since = self.idle_since().map(|since| since.max(begun));
            if since.is_some_and(|since| since.elapsed() >= time) {
                return;
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// Since when nothing is being done; nothing where something is.
    fn idle_since(&self) -> Option<Instant> {
        let doing = self.lock();
        (doing.requests == 0).then_some(doing.idle_since)
    }

    fn lock(&self) -> MutexGuard<'_, Doing> {
        self.doing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl TakenSeat {
    pub(super) fn seat(&self) -> Seat {
        self.seat.clone()
    }
}

impl Drop for TakenSeat {
    fn drop(&mut self) {
        // It may be gone from the list already, where it made room.
        self.seats.lock().seats.remove(&self.number);
    }
}

impl Drop for AtWork {
    fn drop(&mut self) {
        let mut doing = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        doing.requests -= 1;
        doing.idle_since = Instant::now();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(last: u8) -> IpAddr {
        IpAddr::from([127, 0, 0, last])
    }

    /// Whether somebody was told to make room.
    async fn is_told(taken: &TakenSeat) -> bool {
        let told = taken.seat.makes_room();
        tokio::time::timeout(Duration::from_millis(1), told)
            .await
            .is_ok()
    }

    #[tokio::test]
    async fn who_holds_most_and_does_nothing_makes_room() {
        let seats = Arc::new(Seats::new(4, 3));
        let greedy: Vec<TakenSeat> = (0..3).map(|_| seats.take(address(1)).unwrap()).collect();
        let other = seats.take(address(2)).unwrap();
        let working = greedy[0].seat.work();
        let third = seats.take(address(3)).unwrap();
        assert!(is_told(&greedy[1]).await, "the idlest of the greedy one");
        assert!(!is_told(&greedy[0]).await && !is_told(&greedy[2]).await);
        assert!(!is_told(&other).await);
        drop(third);
        // It may take its own share again, and then displaces itself.
        let again = seats.take(address(1)).unwrap();
        let once_more = seats.take(address(1)).unwrap();
        assert!(is_told(&greedy[2]).await && !is_told(&other).await);
        drop(working);
        drop((again, once_more));
    }

    #[test]
    fn who_is_at_work_is_never_displaced() {
        let seats = Arc::new(Seats::new(2, 2));
        let first = seats.take(address(1)).unwrap();
        let second = seats.take(address(1)).unwrap();
        let working = (first.seat.work(), second.seat.work());
        assert!(seats.take(address(1)).is_none() && seats.take(address(2)).is_none());
        drop(working.0);
        assert!(seats.take(address(2)).is_some());
        drop((first, second));
        assert_eq!(seats.lock().seats.len(), 0);
    }

    #[test]
    fn a_network_of_six_is_one_owner() {
        let owner_of = |text: &str| owner(text.parse().unwrap());
        assert_eq!(owner_of("2001:db8:1:2::9"), owner_of("2001:db8:1:2:ffff::"));
        assert_ne!(owner_of("2001:db8:1:2::9"), owner_of("2001:db8:1:3::9"));
        assert_eq!(owner_of("::ffff:127.0.0.1"), owner_of("127.0.0.1"));
    }
}
