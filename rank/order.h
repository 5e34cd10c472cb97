/* order.h -- the orders that a ranking may be in.
 */
#ifndef RANK_ORDER_H
#define RANK_ORDER_H

enum order {
	ORDER_COUNT, /* the largest counts, or sums */
	ORDER_KEY,   /* the first keys */
	ORDER_LAST   /* the last keys */
};

#endif
