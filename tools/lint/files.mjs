// The files that the checks look at: tracked, or new and not ignored.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";

export function listFiles(root) {
        const output = execFileSync("git", ["-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
                cwd: root,
                maxBuffer: 1 << 28,
        });
        return output
                .toString("utf8")
                .split("\0")
                .filter((file) => file && fs.existsSync(path.join(root, file)))
                .sort();
}

// C with comments and the text of literals blanked out, so that line numbers stay and words in prose do not count.
export function codeOnly(text) {
        const pattern = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g;
        return text.replace(pattern, (match, offset) => {
                const blank = match.replace(/[^\n]/g, " ");
                const isInclude = match[0] === '"' && /#\s*include\s*$/.test(text.slice(Math.max(0, offset - 40), offset));
                return isInclude ? match : blank;
        });
}
