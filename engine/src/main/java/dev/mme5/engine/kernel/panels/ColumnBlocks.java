package dev.mme5.engine.kernel.panels;

import dev.mme5.engine.kernel.panels.tiles.PanelTiles;

/**
 * The columns of a product in blocks, each multiplied with all tokens before the next, and how tiles read the next block ahead.
 *
 * @param cols number of columns
 * @param depth columns of every block but the last
 * @param ahead how to read from a whole block to a whole one, to the last one, then from the last to a whole one, to the last one
 * @param nothing for tiles that read ahead when nothing follows: they read the first weights. Tiles that do not read ahead would do as
 *            well, but so seldom that they would not be compiled for long.
 */
record ColumnBlocks(int cols, int depth, Ahead[] ahead, Ahead nothing) {
    /**
     * @param column length of a column, as {@link Ahead} counts
     * @param readers tiles that share what is read ahead
     * @param streams places from which a tile reads in turns
     */
    static ColumnBlocks of(int cols, int maxDepth, int column, int readers, int streams) {
        return of(cols, maxDepth, column, readers, 1, streams);
    }

    /** @param passes of each reader, which share what it reads; or 1, so that each pass reads the same */
    static ColumnBlocks of(int cols, int maxDepth, int column, int readers, int passes, int streams) {
        int depth = Math.clamp(cols, 1, maxDepth);
        int last = cols % depth == 0 ? depth : cols % depth;
        Ahead[] ahead = new Ahead[4];
        for (int i = 0; i < ahead.length; i++) {
            int length = (i % 2 == 0 ? depth : last) * column;
            ahead[i] = i > 0 && last == depth ? ahead[0] : Ahead.of(length, readers, passes, streams, i / 2 == 0 ? depth : last);
        }
        return new ColumnBlocks(cols, depth, ahead, new Ahead(new int[depth], 1, 0, 0, 0));
    }

    /** Columns of the block that begins with k. */
    int depth(int k) {
        return Math.min(depth, cols - k);
    }

    /** How the tiles of a block read another one. */
    Ahead ahead(int k, int next) {
        return ahead[(depth(k) < depth ? 2 : 0) + (depth(next) < depth ? 1 : 0)];
    }

    /**
     * How tiles read a block ahead ({@link PanelTiles}): from some places in turns, which lie one stream apart.
     * Lengths are bytes, or floats in an array.
     *
     * @param order from the first place of a tile to what it reads in a column: a table, because a tile has no time to compute it
     * @param passes of each reader that read different shares
     * @param stream what is read from one place on
     * @param share of it for one pass of a tile
     * @param span of it that one pass reads: about its share
     */
    record Ahead(int[] order, int passes, int stream, int share, int span) {
        /**
         * @param length of the block to read
         * @param readers tiles that share it
         * @param passes of each reader that read different shares
         * @param streams number of places
         * @param columns of the tiles
         */
        static Ahead of(int length, int readers, int passes, int streams, int columns) {
            int stream = length / streams;
            int reads = Math.max(1, Math.ceilDiv(columns, streams));
            int share = Math.ceilDiv(stream, readers * passes);
            int step = Math.min(Math.ceilDiv(share, reads), stream / reads);
            int[] order = new int[columns];
            for (int k = 0; k < columns; k++) order[k] = k % streams * stream + k / streams * step;
            return new Ahead(order, passes, stream, share, step * reads);
        }

        /** From the first column of the block to the first place of a reader. */
        int first(int reader) {
            return first(reader, 0);
        }

        /** The same for one pass of a reader. */
        int first(int reader, int pass) {
            return Math.min((reader * passes + pass % passes) * share, stream - span);
        }

        /**
         * From the place of a column to that of the next, with one stream of bytes. 0 if it were shorter than an integer, which tiles read
         * at each place: the last one would then lie beyond the block. A share is never so short.
         */
        int step() {
            int step = order.length > 1 ? order[1] : 0;
            return step < Integer.BYTES ? 0 : step;
        }
    }
}
