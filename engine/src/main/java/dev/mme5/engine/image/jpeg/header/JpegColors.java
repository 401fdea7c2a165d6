package dev.mme5.engine.image.jpeg.header;

import java.util.List;

/** What the channels of a JPEG are. */
public enum JpegColors {
    GRAY,
    RGB,
    YCC,
    CMYK,
    YCCK,
    /** The samples are taken as they are. */
    UNKNOWN;

    /** What a header tells about the channels, and libjpeg's conclusion: JFIF, else Adobe's flag, else the channels' names. */
    static final class Evidence {
        private static final int UNSEEN = -1;

        private boolean jfif;
        private int adobeTransform = UNSEEN;

        void reset() {
            jfif = false;
            adobeTransform = UNSEEN;
        }

        void foundJfif() {
            jfif = true;
        }

        void foundAdobe(int transform) {
            adobeTransform = transform;
        }

        JpegColors colors(JpegFrame frame) {
            List<JpegComponent> channels = frame.components();
            boolean untransformed = adobeTransform == 0;
            if (channels.size() == 1) return GRAY;
            if (channels.size() == 4) return untransformed || adobeTransform == UNSEEN ? CMYK : YCCK;
            if (jfif) return YCC;
            if (adobeTransform != UNSEEN) return untransformed ? RGB : YCC;
            boolean named = channels.get(0).id() == 'R' && channels.get(1).id() == 'G' && channels.get(2).id() == 'B';
            return named ? RGB : YCC;
        }
    }
}
