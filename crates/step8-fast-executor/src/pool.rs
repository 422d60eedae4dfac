//! Memory for tasks: the block of a task that has ended serves the next task of its size.
#![allow(
    unsafe_code,
    reason = "blocks are allocated, kept and handed out again by hand"
)]

use std::alloc::{Layout, alloc, dealloc, handle_alloc_error};
use std::array;
use std::cell::Cell;
use std::ptr::NonNull;

/// Free blocks, in a list for each size.
///
/// The system's allocator would do, but it serves all threads and all sizes. Here a list serves one
/// thread and one size, and the compiler knows which list: that takes a tenth of the time.
pub(crate) struct Pool {
    /// The first free block of each size. In it is the address of the next one.
    free: [Cell<Option<NonNull<Free>>>; SIZES],
    /// How many more bytes may be kept.
    room: Cell<usize>,
}

/// What is in a free block.
struct Free {
    next: Option<NonNull<Free>>,
}

/// The size and alignment of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BlockLayout {
    layout: Layout,
    /// Which list keeps such blocks.
    list: usize,
    /// How much of the room such a block takes. A large block takes more than there is, so it is
    /// never kept.
    cost: usize,
}

/// Blocks up to this many bytes are kept. What a larger task does costs more than its memory.
const SMALL: usize = 256;

/// Sizes are rounded up to a multiple of this.
const GRAIN: usize = 8;

/// How many lists there are.
const SIZES: usize = SMALL / GRAIN + 1;

/// How many bytes are kept at most.
const KEPT: usize = 4 << 20;

impl BlockLayout {
    /// Returns the layout of the block that a value of type `T` needs.
    pub(crate) const fn of<T>() -> BlockLayout {
        // Blocks of one size have one alignment, so that each serves all types of that size.
        let align = if align_of::<T>() > 16 {
            align_of::<T>()
        } else {
            16
        };
        let size = size_of::<T>().next_multiple_of(GRAIN);
        let is_kept = align == 16 && size <= SMALL;
        let (list, cost) = if is_kept {
            (size / GRAIN, size)
        } else {
            (0, usize::MAX)
        };
        match Layout::from_size_align(size, align) {
            Ok(layout) => BlockLayout { layout, list, cost },
            Err(_) => panic!("no type is that large"),
        }
    }
}

impl Pool {
    pub(crate) fn new() -> Pool {
        Pool {
            free: array::from_fn(|_| Cell::new(None)),
            room: Cell::new(KEPT),
        }
    }

    /// Returns a block, to be given back by [`free`](Self::free).
    #[inline]
    pub(crate) fn allocate(&self, layout: BlockLayout) -> NonNull<u8> {
        let list = &self.free[layout.list];
        if let Some(block) = list.get() {
            // SAFETY: what is in the list was put there by `free`: a block that has no other user,
            // and begins with a `Free`.
            list.set(unsafe { block.read() }.next);
            self.room.set(self.room.get() + layout.cost);
            return block.cast();
        }
        allocate(layout)
    }

    /// Takes a block back: keeps it, or frees it if enough are kept.
    ///
    /// # Safety
    ///
    /// The block comes from [`allocate`](Self::allocate) with the same layout, here or in another
    /// `Pool`, and is not used any more.
    #[inline]
    pub(crate) unsafe fn free(&self, block: NonNull<u8>, layout: BlockLayout) {
        let Some(room) = self.room.get().checked_sub(layout.cost) else {
            // SAFETY: the caller says where the block comes from: `alloc` with this layout.
            return unsafe { free(block, layout) };
        };
        self.room.set(room);
        let (list, block) = (&self.free[layout.list], block.cast::<Free>());
        // SAFETY: the block has no other user, as the caller says; it is large enough, because it
        // is not empty and its size is a multiple of 8; and it is aligned.
        unsafe { block.write(Free { next: list.get() }) };
        list.set(Some(block));
    }

    /// Frees all that is kept, and keeps nothing from now on.
    pub(crate) fn close(&self) {
        for (list, free) in self.free.iter().enumerate() {
            let mut next = free.take();
            while let Some(block) = next {
                // SAFETY: as in `allocate`.
                next = unsafe { block.read() }.next;
                let layout = Layout::from_size_align(list * GRAIN, 16);
                let layout = layout.expect("it was the layout of this block before");
                // SAFETY: blocks of this list come from `alloc` with this layout.
                unsafe { dealloc(block.cast().as_ptr(), layout) }
            }
        }
        self.room.set(0);
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.close();
    }
}

#[cold]
#[inline(never)]
fn allocate(layout: BlockLayout) -> NonNull<u8> {
    assert!(layout.layout.size() > 0, "a block has a header");
    // SAFETY: the size is not zero.
    let block = unsafe { alloc(layout.layout) };
    NonNull::new(block).unwrap_or_else(|| handle_alloc_error(layout.layout))
}

/// # Safety
///
/// As for [`Pool::free`].
#[cold]
#[inline(never)]
unsafe fn free(block: NonNull<u8>, layout: BlockLayout) {
    // SAFETY: the caller promises what `dealloc` asks for.
    unsafe { dealloc(block.as_ptr(), layout.layout) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAYOUT: BlockLayout = BlockLayout::of::<[u64; 8]>();

    fn free(pool: &Pool, block: NonNull<u8>, layout: BlockLayout) {
        // SAFETY: the tests below hand back what they have allocated, once.
        unsafe { pool.free(block, layout) };
    }

    #[test]
    fn a_block_is_used_again_for_its_size() {
        let pool = Pool::new();
        let block = pool.allocate(LAYOUT);
        free(&pool, block, LAYOUT);
        let larger = BlockLayout::of::<[u64; 9]>();
        let other = pool.allocate(larger);
        assert_ne!(other, block);
        assert_eq!(pool.allocate(LAYOUT), block);
        free(&pool, block, LAYOUT);
        free(&pool, other, larger);
    }

    #[test]
    fn what_is_kept_is_bounded() {
        let pool = Pool::new();
        let taken: Vec<_> = (0..KEPT / 64 + 1_000)
            .map(|_| pool.allocate(LAYOUT))
            .collect();
        assert_eq!(pool.room.get(), KEPT);
        taken
            .into_iter()
            .for_each(|block| free(&pool, block, LAYOUT));
        assert_eq!(pool.room.get(), 0);

        pool.close();
        let block = pool.allocate(LAYOUT);
        free(&pool, block, LAYOUT);
        assert!(pool.free.iter().all(|list| list.get().is_none()), "closed");
    }

    #[test]
    fn large_and_overaligned_blocks_are_not_kept() {
        #[repr(align(64))]
        struct Aligned(#[expect(dead_code, reason = "only its layout matters")] u8);
        let pool = Pool::new();
        for layout in [
            BlockLayout::of::<[u64; 100]>(),
            BlockLayout::of::<Aligned>(),
        ] {
            let block = pool.allocate(layout);
            assert_eq!(block.addr().get() % layout.layout.align(), 0);
            free(&pool, block, layout);
        }
        assert_eq!(pool.room.get(), KEPT);
    }
}
