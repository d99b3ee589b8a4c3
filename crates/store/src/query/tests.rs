//! The statements of a dozen plans, for review.
