-- The rows of each copied dossier, as the verbs left those of its template: ids and times a number of days earlier, days by
-- the table of earlier days, the party another. Files are shared by all copies.
INSERT INTO record (id, kind, code, title, unit_id, link, confidentiality, created_at)
    SELECT r.id + c.shift, r.kind, c.code, c.summary || ' – ' || c.name, r.unit_id, '/ho-so/' || c.code, r.confidentiality,
        r.created_at + c.moved
    FROM copied c JOIN record r ON r.id = c.template;

INSERT INTO dossier (id, code, procedure_id, procedure_code, procedure_case, unit_id, status, restricted, channel,
        applicant_name, identity_mark, phone, address, email, summary, form, received_at, received_day, received_by, due_at,
        due_day, ended_at, ended_day, outcome, span, delivered_at, delivered_to, return_way, track_token, sealed_with, revision)
    SELECT d.id + c.shift, c.code, d.procedure_id, d.procedure_code, d.procedure_case, d.unit_id, d.status, d.restricted,
        d.channel, c.name, c.identity_mark, c.phone, d.address, d.email, c.summary, c.form, d.received_at + c.moved,
        received.earlier_day, d.received_by, d.due_at + c.moved, due.earlier_day, d.ended_at + c.moved, ended.earlier_day,
        d.outcome, d.span, d.delivered_at + c.moved, d.delivered_to, d.return_way, c.track_token, d.sealed_with, d.revision
    FROM copied c JOIN dossier d ON d.id = c.template
        JOIN earlier received ON received.back = c.back AND received.day = d.received_day
        JOIN earlier due ON due.back = c.back AND due.day = d.due_day
        LEFT JOIN earlier ended ON ended.back = c.back AND ended.day = d.ended_day;

INSERT INTO dossier_paper (id, dossier_id, requirement, name, originals, copies, file_id, supplemented_at)
    SELECT p.id + c.shift, p.dossier_id + c.shift, p.requirement, p.name, p.originals, p.copies, p.file_id,
        p.supplemented_at + c.moved
    FROM copied c JOIN dossier_paper p ON p.dossier_id = c.template;

INSERT INTO dossier_event (id, dossier_id, at, kind, officer_id, on_behalf_of, from_step, to_step, to_post, text, file_id)
    SELECT e.id + c.shift, e.dossier_id + c.shift, e.at + c.moved, e.kind, e.officer_id, e.on_behalf_of, e.from_step,
        e.to_step, e.to_post, e.text, e.file_id
    FROM copied c JOIN dossier_event e ON e.dossier_id = c.template;

INSERT INTO dossier_stop (id, dossier_id, status, from_at, to_at, reason)
    SELECT s.id + c.shift, s.dossier_id + c.shift, s.status, s.from_at + c.moved, s.to_at + c.moved, s.reason
    FROM copied c JOIN dossier_stop s ON s.dossier_id = c.template;

INSERT INTO dossier_result (id, dossier_id, name, number, file_id, replaced_at, replaces)
    SELECT r.id + c.shift, r.dossier_id + c.shift, r.name, r.number, r.file_id, r.replaced_at + c.moved, r.replaces + c.shift
    FROM copied c JOIN dossier_result r ON r.dossier_id = c.template;

INSERT INTO task (id, record_id, step, title, unit_id, post_id, officer_id, opened_at, due_at, pace, batch, done_at, done_by,
        on_behalf_of, outcome)
    SELECT t.id + c.shift, t.record_id + c.shift, t.step, t.title, t.unit_id, t.post_id, t.officer_id, t.opened_at + c.moved,
        t.due_at + c.moved, t.pace, t.batch, t.done_at + c.moved, t.done_by, t.on_behalf_of, t.outcome
    FROM copied c JOIN task t ON t.record_id = c.template;

INSERT INTO delta (id, record_id, unit_id, subject_id, day, measure, amount, recorded_at)
    SELECT x.id + c.shift, x.record_id + c.shift, x.unit_id, x.subject_id, e.earlier_day, x.measure, x.amount, x.recorded_at + c.moved
    FROM copied c JOIN delta x ON x.record_id = c.template JOIN earlier e ON e.back = c.back AND e.day = x.day;

-- Before the audit, by which a command is found; each has one entry.
INSERT INTO command (id, verb, actor_kind, actor_id, at, answer, audits, audit_first, audit_last, content)
    SELECT k.id || '-' || c.n, k.verb, k.actor_kind, k.actor_id, k.at + c.moved, k.answer, k.audits, k.audit_first + c.shift,
        k.audit_last + c.shift, k.content
    FROM copied c JOIN audit a ON a.entity_id = c.template JOIN command k ON k.audit_first = a.id;

INSERT INTO audit (id, at, actor_kind, actor_id, on_behalf_of, action, entity, entity_id, unit_id, detail, request)
    SELECT a.id + c.shift, a.at + c.moved, a.actor_kind, a.actor_id, a.on_behalf_of, a.action, a.entity,
        a.entity_id + c.shift, a.unit_id, a.detail, a.request
    FROM copied c JOIN audit a ON a.entity_id = c.template;

INSERT INTO outbox (id, event, record_id, payload, at, done_at, tries, next_try_at)
    SELECT o.id + c.shift, o.event, o.record_id + c.shift, o.payload, o.at + c.moved, o.done_at + c.moved, o.tries,
        o.next_try_at + c.moved
    FROM copied c JOIN outbox o ON o.record_id = c.template;

INSERT INTO dossier_number (unit_id, day, last)
    SELECT DISTINCT n.unit_id, e.earlier_day, n.last
    FROM copied c JOIN dossier d ON d.id = c.template
        JOIN dossier_number n ON n.unit_id = d.unit_id AND n.day = d.received_day
        JOIN earlier e ON e.back = c.back AND e.day = n.day;
