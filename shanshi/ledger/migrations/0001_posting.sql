-- The one door to the books, as functions of the database: a batch is one round trip and one statement.

-- The 32 bytes beside a transfer: the request and the moment it was written. The same as rules.request_hash.
CREATE FUNCTION ledger_request_hash(
    id uuid, holder_id uuid, giver_kind text, giver_id uuid, taker_kind text, taker_id uuid, unit text,
    year smallint, amount bigint, source text, reason text, policy text, happened_at timestamptz,
    reverses uuid, posted_at timestamptz
) RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT sha256(convert_to(
        id::text || E'\x1f' || holder_id::text || E'\x1f' || giver_kind || E'\x1f' || giver_id::text
        || E'\x1f' || taker_kind || E'\x1f' || taker_id::text || E'\x1f' || unit || E'\x1f' || year::text
        || E'\x1f' || amount::text || E'\x1f' || source || E'\x1f' || reason || E'\x1f' || policy
        || E'\x1f' || (extract(epoch FROM happened_at) * 1000000)::bigint::text
        || E'\x1f' || coalesce(reverses::text, '')
        || E'\x1f' || (extract(epoch FROM posted_at) * 1000000)::bigint::text, 'UTF8'))
$$;

-- Write a batch of transfers and move the guarded balances; return how many were new.
--
-- asked      an array of objects with the names of the columns
-- posted_at  the moment of writing
--
-- Rows are written, and balances locked, in the order of their keys, so batches that cross never wait for
-- each other in a circle. A transfer that another transaction is writing at this moment is waited for; each
-- later statement here sees what that one committed (READ COMMITTED).
--
-- Refusals carry their facts as JSON in the detail: SH001 posted otherwise, SH002 already reversed,
-- SH003 not reversible, SH004 balance too low.
CREATE FUNCTION ledger_post(asked json, posted_at timestamptz) RETURNS integer LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    moment CONSTANT timestamptz := ledger_post.posted_at;
    wanted integer; reversals integer; written integer; refused json;
BEGIN
    WITH wish AS MATERIALIZED (
        SELECT * FROM json_to_recordset(asked) AS w(
            id uuid, holder_id uuid, giver_kind text, giver_id uuid, taker_kind text, taker_id uuid, unit text,
            year smallint, amount bigint, source text, reason text, policy text, happened_at timestamptz,
            reverses uuid)
    ), fresh AS (
        INSERT INTO ledger_transfer (
            id, holder_id, giver_kind, giver_id, taker_kind, taker_id, unit, year, amount, source, reason,
            policy, happened_at, posted_at, reverses, request_hash)
        SELECT id, holder_id, giver_kind, giver_id, taker_kind, taker_id, unit, year, amount, source, reason,
            policy, happened_at, moment, reverses,
            ledger_request_hash(id, holder_id, giver_kind, giver_id, taker_kind, taker_id, unit, year, amount,
                source, reason, policy, happened_at, reverses, moment)
        FROM wish ORDER BY holder_id, coalesce(reverses, id), id
        ON CONFLICT DO NOTHING
        RETURNING holder_id, giver_kind, taker_kind, unit, year, amount
    ), moved AS MATERIALIZED (
        SELECT holder_id, kind, unit, year, sum(delta)::bigint AS delta, count(*) AS transfers
        FROM (SELECT holder_id, giver_kind AS kind, unit, year, -amount AS delta FROM fresh
              UNION ALL SELECT holder_id, taker_kind, unit, year, amount FROM fresh) AS leg
        WHERE kind IN ('volunteer', 'pending', 'reserved')
        GROUP BY holder_id, kind, unit, year
    ), kept AS (
        -- A missing row is proposed with zero or more, since checks come before conflicts; `opened_with`
        -- carries the real change, so a row that could only have opened below zero shows itself.
        INSERT INTO ledger_balance AS b (holder_id, kind, unit, year, amount, opened_with, transfers)
        SELECT holder_id, kind, unit, year, greatest(delta, 0), delta, transfers
        FROM moved ORDER BY holder_id, kind, unit, year
        ON CONFLICT (holder_id, kind, unit, year) DO UPDATE
            SET amount = b.amount + excluded.opened_with, transfers = b.transfers + excluded.transfers
            WHERE b.amount + excluded.opened_with >= 0
        RETURNING b.holder_id, b.kind, b.unit, b.year, b.opened_with
    ), good AS MATERIALIZED (
        SELECT * FROM kept WHERE opened_with >= 0
    )
    SELECT (SELECT count(*) FROM wish), (SELECT count(reverses) FROM wish), (SELECT count(*) FROM fresh),
        CASE WHEN (SELECT count(*) FROM good) < (SELECT count(*) FROM moved) THEN (
            SELECT to_json(m) FROM moved AS m
            WHERE NOT EXISTS (SELECT FROM good AS g WHERE (g.holder_id, g.kind, g.unit, g.year)
                                                        = (m.holder_id, m.kind, m.unit, m.year))
            ORDER BY holder_id, kind, unit, year LIMIT 1
        ) END
    INTO wanted, reversals, written, refused;

    IF written < wanted THEN
        PERFORM ledger_refuse_differing(asked);
    END IF;
    IF reversals > 0 THEN
        PERFORM ledger_refuse_unmirrored(asked);
    END IF;
    IF refused IS NOT NULL THEN
        PERFORM ledger_refuse_overdraft(
            (refused ->> 'holder_id')::uuid, refused ->> 'kind', refused ->> 'unit',
            (refused ->> 'year')::smallint, (refused ->> 'delta')::bigint);
    END IF;
    RETURN written;
END $$;

-- The same for one transfer alone, in plain statements: most postings are single, and this takes half the time.
CREATE FUNCTION ledger_post_one(
    id uuid, holder_id uuid, giver_kind text, giver_id uuid, taker_kind text, taker_id uuid, unit text,
    year smallint, amount bigint, source text, reason text, policy text, happened_at timestamptz,
    reverses uuid, posted_at timestamptz
) RETURNS integer LANGUAGE plpgsql AS $$
#variable_conflict use_variable
DECLARE
    wish json;
    written boolean;
    gives CONSTANT boolean := giver_kind IN ('volunteer', 'pending', 'reserved');
    takes CONSTANT boolean := taker_kind IN ('volunteer', 'pending', 'reserved');
BEGIN
    INSERT INTO ledger_transfer (
        id, holder_id, giver_kind, giver_id, taker_kind, taker_id, unit, year, amount, source, reason,
        policy, happened_at, posted_at, reverses, request_hash)
    VALUES (id, holder_id, giver_kind, giver_id, taker_kind, taker_id, unit, year, amount, source, reason,
        policy, happened_at, posted_at, reverses,
        ledger_request_hash(id, holder_id, giver_kind, giver_id, taker_kind, taker_id, unit, year, amount,
            source, reason, policy, happened_at, reverses, posted_at))
    ON CONFLICT DO NOTHING;
    written := FOUND;
    IF NOT written OR reverses IS NOT NULL THEN
        -- Rare: the batch's way says what is wrong, if anything is.
        wish := json_build_array(json_build_object(
            'id', id, 'holder_id', holder_id, 'giver_kind', giver_kind, 'giver_id', giver_id,
            'taker_kind', taker_kind, 'taker_id', taker_id, 'unit', unit, 'year', year, 'amount', amount,
            'source', source, 'reason', reason, 'policy', policy, 'happened_at', happened_at,
            'reverses', reverses));
        IF NOT written THEN
            PERFORM ledger_refuse_differing(wish);
            RETURN 0;
        END IF;
        PERFORM ledger_refuse_unmirrored(wish);
    END IF;
    -- Balances are locked in the order of their keys, here as in a batch.
    IF gives AND (NOT takes OR giver_kind < taker_kind) THEN
        PERFORM ledger_move(holder_id, giver_kind, unit, year, -amount);
    END IF;
    IF takes THEN
        PERFORM ledger_move(holder_id, taker_kind, unit, year, amount);
    END IF;
    IF gives AND takes AND giver_kind > taker_kind THEN
        PERFORM ledger_move(holder_id, giver_kind, unit, year, -amount);
    END IF;
    RETURN 1;
END $$;

-- Change one guarded balance by one transfer.
CREATE FUNCTION ledger_move(holder_id uuid, kind text, unit text, year smallint, delta bigint)
RETURNS void LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    opened bigint;
BEGIN
    INSERT INTO ledger_balance AS b (holder_id, kind, unit, year, amount, opened_with, transfers)
    VALUES (ledger_move.holder_id, ledger_move.kind, ledger_move.unit, ledger_move.year,
        greatest(delta, 0), delta, 1)
    ON CONFLICT (holder_id, kind, unit, year) DO UPDATE
        SET amount = b.amount + excluded.opened_with, transfers = b.transfers + 1
        WHERE b.amount + excluded.opened_with >= 0
    RETURNING b.opened_with INTO opened;
    IF opened IS NULL OR opened < 0 THEN
        PERFORM ledger_refuse_overdraft(
            ledger_move.holder_id, ledger_move.kind, ledger_move.unit, ledger_move.year, delta);
    END IF;
END $$;

-- Refuse because an account holds less than is needed, and say how much it holds.
CREATE FUNCTION ledger_refuse_overdraft(holder_id uuid, kind text, unit text, year smallint, delta bigint)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'ledger: balance_too_low' USING ERRCODE = 'SH004', DETAIL = json_build_object(
        'holder_id', holder_id, 'kind', kind, 'unit', unit, 'year', year, 'needed', -delta,
        'held', coalesce((SELECT b.amount FROM ledger_balance AS b
                          WHERE (b.holder_id, b.kind, b.unit, b.year) = ($1, $2, $3, $4)), 0))::text;
END $$;

-- Refuse the first wish that is not in the books as it was asked; silence means that every wish was a replay.
CREATE FUNCTION ledger_refuse_differing(asked json) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    wrong CONSTANT json := ledger_differing(asked);
BEGIN
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION 'ledger: %', wrong ->> 'what'
            USING ERRCODE = CASE wrong ->> 'what' WHEN 'already_reversed' THEN 'SH002' ELSE 'SH001' END,
                  DETAIL = wrong::text;
    END IF;
END $$;

-- Refuse the first reversal that mirrors nothing.
CREATE FUNCTION ledger_refuse_unmirrored(asked json) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    wrong CONSTANT json := ledger_unmirrored(asked);
BEGIN
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION 'ledger: not_reversible' USING ERRCODE = 'SH003', DETAIL = wrong::text;
    END IF;
END $$;

-- The first wish that is not in the books as it was asked, or null: every wish was a replay.
CREATE FUNCTION ledger_differing(asked json) RETURNS json LANGUAGE sql STABLE AS $$
    SELECT json_build_object('id', coalesce(wish.reverses, wish.id), 'holder_id', wish.holder_id, 'what',
        CASE WHEN EXISTS (SELECT FROM ledger_transfer AS other
                          WHERE other.holder_id = wish.holder_id AND other.reverses = wish.reverses
                            AND other.id <> wish.id) AND book.id IS NULL
             THEN 'already_reversed' ELSE 'posted_otherwise' END)
    FROM json_to_recordset(asked) AS wish(
        id uuid, holder_id uuid, giver_kind text, giver_id uuid, taker_kind text, taker_id uuid, unit text,
        year smallint, amount bigint, source text, reason text, policy text, happened_at timestamptz,
        reverses uuid)
    LEFT JOIN ledger_transfer AS book ON book.holder_id = wish.holder_id AND book.id = wish.id
    WHERE book.id IS NULL OR book.request_hash <> ledger_request_hash(
        wish.id, wish.holder_id, wish.giver_kind, wish.giver_id, wish.taker_kind, wish.taker_id, wish.unit,
        wish.year, wish.amount, wish.source, wish.reason, wish.policy, wish.happened_at, wish.reverses,
        book.posted_at)
    ORDER BY wish.holder_id, wish.id LIMIT 1
$$;

-- The first reversal that names no original of its holder, or one that it does not mirror; or null.
CREATE FUNCTION ledger_unmirrored(asked json) RETURNS json LANGUAGE sql STABLE AS $$
    SELECT json_build_object('id', wish.reverses, 'holder_id', wish.holder_id)
    FROM json_to_recordset(asked) AS wish(
        id uuid, holder_id uuid, giver_kind text, giver_id uuid, taker_kind text, taker_id uuid, unit text,
        year smallint, amount bigint, reverses uuid)
    LEFT JOIN ledger_transfer AS book ON book.holder_id = wish.holder_id AND book.id = wish.reverses
    WHERE wish.reverses IS NOT NULL AND (
        book.id IS NULL OR book.reverses IS NOT NULL
        OR (book.giver_kind, book.giver_id, book.taker_kind, book.taker_id, book.unit, book.year, book.amount)
        <> (wish.taker_kind, wish.taker_id, wish.giver_kind, wish.giver_id, wish.unit, wish.year, wish.amount))
    ORDER BY wish.holder_id, wish.id LIMIT 1
$$;

-- A reversal's original stands in the same holder's book. Looked at last, so that the functions above can refuse
-- with their own words first.
ALTER TABLE ledger_transfer ADD CONSTRAINT transfer_reverses_one_of_its_holder
    FOREIGN KEY (holder_id, reverses) REFERENCES ledger_transfer (holder_id, id)
    DEFERRABLE INITIALLY DEFERRED;

-- Balances change often and no index covers what changes: room on the page keeps each change on it.
ALTER TABLE ledger_balance SET (fillfactor = 80);
