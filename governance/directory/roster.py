"""Rosters: a directory written as one YAML file, loaded by example runs, tests, the demo and imports.

Everything below the top-level keys is optional unless it says *needed*. Ids are readable slugs (``liaison_wang``), unique among
areas, units, committees and people together, since a selector names any of them: ``role:legal@yunqiao``.

    valid_from: 2024-07-01            # when an entry without `from` begins; default 2000-01-01
    areas:                            # place tree, a parent stands before its children
      - {id: yunqiao, level: community, name: {zh: 云桥企业社区, en: Yunqiao enterprise community}, parent: street}
    units:                            # organisations; kinds in governance/directory/kinds.yaml
      - {id: ent_haina, kind: enterprise, name: {zh: 海纳公司, en: Haina Ltd}, area: yunqiao, parent: null,
         uscc: 91310000MA1FL0000X, status: active, powers: [{kind: purchase, basis: 云桥府〔2024〕1 号}]}
    people:
      - id: liaison_wang              # needed
        name: 王芳                    # needed; {zh, en} if the English spelling matters
        phone: "13800000001"
        party_member: true
        login: wang                   # an account is made when the caller gives passwords
        posts: [community_worker@yunqiao]                          # role code @ area, unit or committee …
        #      [{role: legal, of: yunqiao, from: 2026-01-01, to: 2026-07-01, acting: true, substitute_of: legal_zhao,
        #        code: legal_first, title: {zh: 首席法律顾问, en: Chief legal adviser}}]   … or in full
    committees:                       # kinds in kinds.yaml; seats are role codes or seats of roles.yaml
      - id: council
        kind: cobuild_council
        name: {zh: 云桥共建协商会, en: Yunqiao council}
        area: yunqiao
        members:
          - {person: head_chen, role: committee_convener}
          - {unit: ent_haina, person: unit_li, role: member}       # a seat of the unit, held by its representative
          - {person: observer_he, role: observer, voting: false, weight: 1, from: 2026-01-01, to: 2029-01-01}
    delegations:
      - {from_person: legal_zhao, to_person: legal_qian, from: 2026-03-01, to: 2026-03-15,
         scope: {kind: tasks, roles: [legal]}}                     # scopes: governance/directory/mandates.py
    settings:                         # rows over the defaults of governance/settings/defaults.yaml
      - {key: deadlines.max_pauses, value: 2, area: yunqiao, from: 2026-01-01, source: "[A]"}
    holidays:                         # over the calendar in force: {date: {zh, en}} rest days, and working weekends
      2027-01-01: {zh: 元旦, en: New Year's Day}
    makeup_days: [2027-02-06]

`from` is the first moment of validity and `to` the first moment after it (``from ≤ t < to``, domain 2.4); a bare date is midnight
in the installation's zone.
"""
