package dev.mme5.engine.kernel.panels;

import dev.mme5.engine.kernel.panels.tiles.PanelTiles;

/**
 * Tokens cut into groups for the register tiles: as few as possible, of equal size but for one token, the larger ones first.
 *
 * @param tokens number of tokens
 * @param groups number of groups
 */
public record TokenGroups(int tokens, int groups) {
    /** Groups of at most {@link PanelTiles#MAX_TOKENS}. */
    static TokenGroups of(int tokens) {
        return new TokenGroups(tokens, Math.ceilDiv(tokens, PanelTiles.MAX_TOKENS));
    }

    /** First token of a group; the number of tokens for the one after the last. */
    public int first(int group) {
        return group * (tokens / groups) + Math.min(group, tokens % groups);
    }

    /** The group of a token. */
    public int group(int token) {
        int size = tokens / groups;
        int larger = tokens % groups * (size + 1); // tokens of the groups that have one more
        return token < larger ? token / (size + 1) : tokens % groups + (token - larger) / size;
    }

    /** Number of tokens in a group. */
    public int size(int group) {
        return first(group + 1) - first(group);
    }
}
