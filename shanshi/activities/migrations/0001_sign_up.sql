-- Who gets a place: one call, one transaction, no word to the client between the lock and the commit. In a rush
-- everybody queues for one row; what a client does while it holds that row is what all others wait for.
--
-- First the person is locked: of two sign-ups of one person at once, the second sees what the first one wrote
-- (READ COMMITTED: each statement here has a snapshot of its own), so no two of them can overlap. Then whoever
-- finds a place free while nobody waits has it; everybody else waits, at the place where he joined.
--
-- waited   how many wait now, himself included: his position, without a gap, since all others came before
-- Answers: taken, known (a live sign-up for this shift stands), clash (for another one at the same time),
-- moved (the shift is not as the caller saw it).
CREATE FUNCTION activities_sign_up(
    new_id uuid, wanted_activity uuid, wanted_shift uuid, holder uuid, seen_starts_at timestamptz,
    seen_ends_at timestamptz, moment timestamptz, person uuid, policy_version text, source_name text,
    OUT answer text, OUT waited integer
) LANGUAGE plpgsql
-- A plan made while the tables were small would stay for a whole rush.
SET enable_seqscan = off AS $$
DECLARE
    other_shift uuid;
    arrived integer;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('activities|' || holder::text, 0));

    SELECT u.shift_id INTO other_shift
      FROM activities_signup u
     WHERE u.holder_id = holder AND u.state IN ('placed', 'waiting', 'offered')
       AND u.ends_at > seen_starts_at AND u.starts_at < seen_ends_at
     ORDER BY u.shift_id = wanted_shift DESC
     LIMIT 1;
    IF FOUND THEN
        answer := CASE WHEN other_shift = wanted_shift THEN 'known' ELSE 'clash' END;
        RETURN;
    END IF;

    UPDATE activities_shift s
       SET arrivals = s.arrivals + 1,
           taken = s.taken + CASE WHEN s.waiting = 0 AND s.taken < s.capacity THEN 1 ELSE 0 END,
           waiting = s.waiting + CASE WHEN s.waiting = 0 AND s.taken < s.capacity THEN 0 ELSE 1 END
     WHERE s.activity_id = wanted_activity AND s.id = wanted_shift
       AND s.starts_at = seen_starts_at AND s.ends_at = seen_ends_at
       AND s.published_at IS NOT NULL AND s.cancelled_at IS NULL AND s.confirmed_at IS NULL
    RETURNING s.arrivals, s.waiting INTO arrived, waited;
    IF NOT FOUND THEN
        answer := 'moved';
        RETURN;
    END IF;

    INSERT INTO activities_signup (id, activity_id, shift_id, holder_id, state, arrival, starts_at, ends_at,
                                   signed_up_at, signed_up_by, policy, source)
    VALUES (new_id, wanted_activity, wanted_shift, holder, CASE WHEN waited = 0 THEN 'placed' ELSE 'waiting' END,
            arrived, seen_starts_at, seen_ends_at, moment, person, policy_version, source_name);
    answer := 'taken';
END
$$;
