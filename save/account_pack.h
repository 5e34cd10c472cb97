/* account_pack.h -- packs accounts for a file or another process, unpacks and adds them up. */
#ifndef SAVE_ACCOUNT_PACK_H
#define SAVE_ACCOUNT_PACK_H

#include "query/account.h"
#include "store/pack.h"

/* Pack an account.  All packed accounts have the same number of bytes. */
void account_pack(struct pack *, const struct account *);

/* Unpack an account.  False if the bytes are not an account, or if its numbers are impossible, such
 * as more matched lines than lines. */
bool account_unpack(struct unpack *, struct account *);

/* Add the second account to the first one.  account_unpack() must have accepted both.  False
 * (EOVERFLOW) if a sum is too large. */
bool account_add_checked(struct account *, const struct account *);

#endif
