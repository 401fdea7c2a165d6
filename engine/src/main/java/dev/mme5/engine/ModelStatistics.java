package dev.mme5.engine;

import dev.mme5.engine.runtime.ModelRuntime;
import java.time.Duration;

/**
 * What a model has done since it was opened, and what it does now.
 *
 * @param inputs embedded, equal texts each, or given up during their pass
 * @param tokensComputed tokens that went through the text layers
 * @param tokensShared tokens whose states were those of an equal beginning in the same pass or an earlier one, or that are of a text
 *     which an earlier input of the same call has too
 * @param tokensCached of the shared ones, those of a beginning that was kept from an earlier pass
 * @param images whose states were computed; those of a known image are taken from the cache
 * @param passes through the network; fewer than inputs where inputs share them
 * @param waitingCalls calls that wait now, for memory or for a pass
 * @param bytesReserved heap in use now by calls, their largest pass, and cached states
 * @param bytesLimit heap that these may use together
 * @param waiting how long calls have waited, all together
 * @param computing how long passes ran
 */
public record ModelStatistics(
        long inputs, long tokensComputed, long tokensShared, long tokensCached, long images, long passes, int waitingCalls,
        long bytesReserved, long bytesLimit, Duration waiting, Duration computing) {
    static ModelStatistics of(ModelRuntime.Statistics now) {
        return new ModelStatistics(
                now.inputs(), now.tokens() - now.tokensShared(), now.tokensShared(), now.tokensCached(), now.images(), now.passes(),
                now.waitingCalls(), now.bytesReserved(), now.bytesLimit(),
                Duration.ofNanos(now.waitingNanos()), Duration.ofNanos(now.computingNanos()));
    }
}
