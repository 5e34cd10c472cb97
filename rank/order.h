/* order.h -- the orders of a ranking, which decide which rows it keeps.
 */
#ifndef RANK_ORDER_H
#define RANK_ORDER_H

enum order {
	ORDER_WEIGHT, /* the rows with the largest counts, or with the largest or least values of a
		       * statistic */
	ORDER_KEY,    /* the rows with the first keys, in the order of key_order.h */
	ORDER_LAST    /* the rows with the last keys, in that order */
};

#endif
