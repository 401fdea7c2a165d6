package dev.mme5.examples.gallery;

import dev.mme5.engine.BusyException;
import dev.mme5.engine.InputException;
import dev.mme5.examples.gallery.Gallery.Match;
import dev.mme5.spring.ai.UnusableDocumentException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.MediaTypeFactory;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.multipart.MultipartFile;

@RestController
class GalleryController {
    private static final String RETRY_AFTER_SECONDS = "5";

    private final Gallery gallery;

    GalleryController(Gallery gallery) {
        this.gallery = gallery;
    }

    @PostMapping("/images")
    @ResponseStatus(HttpStatus.CREATED)
    Map<String, String> upload(@RequestParam MultipartFile file) throws IOException {
        String name = file.getOriginalFilename();
        try (InputStream content = file.getInputStream()) {
            return Map.of("id", gallery.add(name == null ? "image" : name, content));
        }
    }

    @GetMapping("/images/{id}")
    ResponseEntity<Resource> image(@PathVariable String id) {
        Path file = gallery.file(id).orElse(null);
        if (file == null) return ResponseEntity.notFound().build();
        Resource resource = new FileSystemResource(file);
        MediaType type = MediaTypeFactory.getMediaType(resource).filter(found -> found.getType().equals("image"))
                .orElse(MediaType.APPLICATION_OCTET_STREAM);
        // What people upload must not become a page of this site.
        return ResponseEntity.ok().contentType(type).header("X-Content-Type-Options", "nosniff")
                .header("Content-Security-Policy", "sandbox").body(resource);
    }

    @GetMapping("/search")
    List<Match> byWords(@RequestParam String words, @RequestParam(defaultValue = "12") int top) {
        return gallery.findByWords(words, top);
    }

    @PostMapping("/search")
    List<Match> byImage(@RequestParam MultipartFile file, @RequestParam(defaultValue = "12") int top) throws IOException {
        return gallery.findByImage(file.getBytes(), top);
    }

    @ExceptionHandler({InputException.class, UnusableDocumentException.class})
    ProblemDetail unusable(RuntimeException e) {
        // The message names a file of this server, so only the reason goes out.
        InputException input = e instanceof InputException own ? own : e.getCause() instanceof InputException cause ? cause : null;
        String detail = "the image cannot be embedded" + (input == null ? "" : ": " + input.reason());
        return ProblemDetail.forStatusAndDetail(HttpStatus.UNPROCESSABLE_CONTENT, detail);
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> busy(BusyException e) {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(HttpStatus.SERVICE_UNAVAILABLE, e.getMessage());
        return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE).header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS).body(problem);
    }
}
