package langdoc

const overviewTop = `# The condition language

A condition is **All** or **Any** of condition groups, each **All** or **Any** of conditions. A condition or a group may be negated with
` + "`\"not\": true`" + `, and a group may stand inside a group, five deep. An empty condition matches nobody; an empty group is refused.

` + "```json" + `
{
  "match": "all",
  "groups": [
    { "match": "any",
      "conditions": [
        { "type": "visited-page", "params": { "pages": ["/pricing"], "times": {"at_least": 3}, "within": {"last": "30d"} } },
        { "type": "field", "params": { "field": "company", "op": "ends_with", "value": "GmbH" } }
      ] }
  ]
}
` + "```" + `

A condition denotes a set of contacts as of an instant: All is the intersection, Any the union, ` + "`not`" + ` the complement in the set of all
contacts. Nothing is three-valued: a comparison without a value to look at is false.

Each page below belongs to a category; each type shows its sentence, parameters, what happens to missing values, how time alone moves
it, what makes Muster evaluate it again, and an example that is a script of the test corpus.
`

const commonParameters = `## Common parameters

Of the conditions on activities; each type's table says which it takes.

| parameter | forms | default |
| --- | --- | --- |
| ` + "`within`" + ` | ` + "`{\"last\": D}`" + ` is (now-D, now]. ` + "`{\"older_than\": D}`" + ` is up to now-D. ` + "`{\"from\": A, \"to\": B}`" + ` with dates or instants, either may be absent: from is included, an instant to is excluded, a date to includes its whole day. ` + "`{\"period\": P}`" + ` with P one of ` + "`today yesterday this_week last_week this_month last_month this_quarter last_quarter this_year last_year`" + `; weeks start on Monday | any time |
| ` + "`times`" + ` | ` + "`{\"at_least\": n}` `{\"at_most\": n}` `{\"exactly\": n}` `{\"between\": [n, m]}`" + `; a range that contains 0 includes contacts with none | at least 1 |
| ` + "`channels`" + ` | a list of channel codes | any channel, also none |
| ` + "`where`" + ` | a list of ` + "`{\"attribute\", \"op\", \"value\"}`" + `; all hold on the same activity | none |

Durations: ` + "`90s 45m 12h 30d 8w`" + ` are exact; ` + "`3mo 1y`" + ` are calendar steps that keep the wall time. A missing day becomes the month's last.
Calendar words (today, this month, birthday, weekday) are read in the group's time zone, else the project's.
`

const parityTop = `# What Kentico's conditions are here

Every condition of Xperience by Kentico (X1 to X26) and the contact conditions of Kentico 13 (K), in words of our own; each with the
condition type that covers it, a document as it stands in a script, and that script, which proves it on every store.

| | Kentico's condition | type | document | script |
| --- | --- | --- | --- | --- |
`
