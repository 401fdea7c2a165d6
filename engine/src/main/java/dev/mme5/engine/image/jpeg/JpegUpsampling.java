package dev.mme5.engine.image.jpeg;

/**
 * The one place where the JDK's libjpeg 6b and libjpeg-turbo enlarge colour channels differently: those with half the rows but
 * all columns (4:4:0, as in photos turned without recoding). 6b repeats each row; turbo mixes it, 3 to 1, with the nearer
 * neighbour (jdsample.c, h1v2_fancy_upsample). As repeated rows lose nothing, turbo's can be made of them.
 */
final class JpegUpsampling {
    private JpegUpsampling() {}

    /** Smooths, in place, the channels of samples [height, width, channels] that have repeated rows. */
    static void smoothDown(byte[] samples, JpegFrame frame) {
        int channels = frame.components().size();
        int mostAcross = 0;
        int mostDown = 0;
        for (JpegFrame.Component c : frame.components()) {
            mostAcross = Math.max(mostAcross, c.across());
            mostDown = Math.max(mostDown, c.down());
        }
        for (int channel = 0; channel < channels; channel++) {
            JpegFrame.Component c = frame.components().get(channel);
            if (c.across() == mostAcross && 2 * c.down() == mostDown) smoothChannel(samples, frame, channel);
        }
    }

    private static void smoothChannel(byte[] samples, JpegFrame frame, int channel) {
        int channels = frame.components().size();
        int rowBytes = frame.width() * channels;
        int lastSourceRow = (frame.height() - 1) / 2;
        for (int x = 0; x < frame.width(); x++) {
            int column = x * channels + channel;
            int above = samples[column] & 0xff;
            for (int source = 0; source <= lastSourceRow; source++) {
                int at = 2 * source * rowBytes + column;
                int here = samples[at] & 0xff;
                int below = source == lastSourceRow ? here : samples[at + 2 * rowBytes] & 0xff;
                samples[at] = (byte) (3 * here + above + 1 >> 2);
                if (2 * source + 1 < frame.height()) samples[at + rowBytes] = (byte) (3 * here + below + 2 >> 2);
                above = here;
            }
        }
    }
}
