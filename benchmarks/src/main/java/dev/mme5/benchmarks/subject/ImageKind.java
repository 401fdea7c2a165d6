package dev.mme5.benchmarks.subject;

import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.Random;

/** Typical image files, generated with the smooth and the busy parts that photographs have. */
public enum ImageKind {
    /** As in the paper's example; no resizing. */
    PNG_800X599("png", 800, 599),
    /** A small photograph; no resizing. */
    JPEG_800X599("jpg", 800, 599),
    /** A frame of a video. */
    JPEG_1920X1080("jpg", 1920, 1080),
    /** A photograph of 12 megapixels. */
    JPEG_4000X3000("jpg", 4000, 3000);

    final String format;
    final int width;
    final int height;

    ImageKind(String format, int width, int height) {
        this.format = format;
        this.width = width;
        this.height = height;
    }

    BufferedImage image() {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        g.setPaint(new GradientPaint(0, 0, new Color(40, 90, 200), width, height, new Color(230, 200, 120)));
        g.fillRect(0, 0, width, height);
        Random random = new Random(ordinal());
        for (int i = 0; i < 200; i++) {
            g.setColor(new Color(random.nextInt(1 << 24)));
            g.fillOval(random.nextInt(width), random.nextInt(height), 1 + random.nextInt(width / 10), 1 + random.nextInt(height / 10));
        }
        g.dispose();
        for (int y = 0; y < height; y++) { // grain
            for (int x = 0; x < width; x++) image.setRGB(x, y, image.getRGB(x, y) ^ random.nextInt() & 0x030303);
        }
        return image;
    }
}
