/* own_magic.h -- the first bytes of the files that wf itself writes.  They tell wf that such a file
 * is not a log.
 */
#ifndef LIB_OWN_MAGIC_H
#define LIB_OWN_MAGIC_H

#define SNAPSHOT_MAGIC "\x89wfs\r\n\x1a\n" /* see save/snapshot.h */
#define PROGRESS_MAGIC "wf-progress 1"     /* see progress/progress_file.h */

#endif
