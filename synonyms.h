/* synonyms.h -- what other programs call the fields that have a name here.
 */
#ifndef SYNONYMS_H
#define SYNONYMS_H

/* The name here, NULL if there is none. */
const char *synonyms_find(const char *theirs);

#endif
