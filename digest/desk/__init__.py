"""The editor's desk: an issue that waits for a person's word before it goes out, and papers that readers propose.

    edit.edited(draft)                        the issue that a draft and the editor's decisions come to (pure)
    drafts                                    a newsletter's draft of today, made; when it is ready; released
    acts                                      what an editor does to a draft: drop, pin, reorder, note, approve
    letter.tell(plan, store, draft, now)      the mail with which the editor is asked
    proposals                                 a reader's proposal: fetched, recognised, queued, taken

Parts at the top level: they may use every room but the entry points. Touched when an editor may do something more.
"""
