"""Texts of the readers: code → language → text with {placeholders}."""

TEXTS: dict[str, dict[str, str]] = {
    "read-pdf-extra": {
        "ko": "PDF를 읽으려면 pypdfium2가 필요합니다: pip install pypdfium2",
        "en": "reading PDF needs pypdfium2: pip install pypdfium2",
    },
    "read-pdf-scanned": {
        "ko": "글자가 없는 PDF입니다(스캔한 그림). 글자 인식(OCR)을 하거나 원본 문서를 검사하십시오.",
        "en": "the PDF has no text (scanned images); recognise its text (OCR) or check the original document",
    },
    "read-pdf-unreadable": {
        "ko": "PDF의 어느 쪽도 읽지 못했습니다. 원본 문서에서 PDF를 다시 만드십시오. {why}",
        "en": "no page of the PDF could be read; make the PDF again from the original document. {why}",
    },
    "read-pages-unread": {
        "ko": "{first}쪽부터 {last}쪽까지 읽지 못했습니다: {why}",
        "en": "pages {first} to {last} could not be read: {why}",
    },
    "read-pdf-pages": {
        "ko": "{limit}쪽까지만 읽습니다. 문서를 나누어 저장하십시오.",
        "en": "only {limit} pages are read; split the document",
    },
    "read-page-unread": {
        "ko": "{page}쪽을 읽지 못했습니다: {why}",
        "en": "page {page} could not be read: {why}",
    },
    "read-pdf-scan": {
        "ko": "글자가 없는 그림입니다. 글자 인식(OCR)을 하십시오.",
        "en": "it is an image without text; recognise its text (OCR)",
    },
    "read-pdf-glyphs": {
        "ko": "글꼴에 글자 정보가 없습니다. 원본 문서에서 PDF를 다시 만드십시오.",
        "en": "its fonts do not map to characters; make the PDF again from the original document",
    },
    "read-pdf-count": {
        "ko": "파일에 적힌 쪽수({stated})가 들어 있는 쪽수({held})와 다릅니다. 원본 문서에서 PDF를 다시 만드십시오.",
        "en": "the file declares {stated} pages but holds {held}; make the PDF again from the original document",
    },
    "read-pdf-cut": {
        "ko": "쪽 내용이 중간에서 끊겼습니다. 끊긴 곳까지만 읽었으니 원본 문서에서 PDF를 다시 만드십시오.",
        "en": "its content is cut off and was read up to the break; make the PDF again from the original document",
    },
    "read-pdf-damaged": {
        "ko": "{count}곳의 자료가 적힌 길이와 다릅니다. 빠진 내용이 있을 수 있으니 원본 문서에서 PDF를 다시 만드십시오.",
        "en": "{count} of its streams differ from their stated length, so content may be missing; make the PDF again",
    },
    "read-pdf-shifted": {
        "ko": "PDF의 목차가 내용과 맞지 않아 있는 대로 찾아 읽었습니다. 빠진 것이 없는지 원본에서 확인하십시오.",
        "en": "its object list (xref) is wrong; the objects found were read. Check the original for anything missing",
    },
    "read-pdf-bare": {
        "ko": "아무 내용도 없는 쪽입니다. 원본에서 확인하십시오.",
        "en": "this page has no content at all; check it in the original",
    },
    "read-pdf-objects": {
        "ko": "선과 그림이 너무 많아 표를 다 찾지 못했을 수 있습니다. 원본 문서를 검사하십시오.",
        "en": "it has too many lines and drawings to find every table; check the original document",
    },
    "read-pdf-form": {
        "ko": "양식 입력란에 적은 내용은 읽지 못합니다. PDF로 인쇄하여 다시 저장하십시오.",
        "en": "values typed into form fields are not read; print the file to PDF again",
    },
    "read-pdf-page": {
        "ko": "쪽 내용이 손상되었습니다. 원본 문서에서 PDF를 다시 만드십시오.",
        "en": "its content is damaged; make the PDF again from the original document",
    },
    "read-timeout": {
        "ko": "읽는 데 너무 오래 걸려 중단했습니다. 문서를 나누어 저장하십시오.",
        "en": "reading took too long and was stopped; split the document",
    },
    "read-memory": {
        "ko": "메모리 한도를 넘어 중단했습니다. 문서를 나누어 저장하십시오.",
        "en": "reading took too much memory and was stopped; split the document",
    },
    "read-crashed": {
        "ko": "{format} 파일을 읽는 프로그램이 멈췄습니다. 원본 문서를 다시 저장하여 검사하십시오.",
        "en": "the {format} reader stopped working on this file; save the original again and check that",
    },
    "read-docx-chunk": {
        "ko": "DOCX에 다른 형식의 문서가 통째로 끼워져 있어 그 부분은 읽지 않았습니다. 워드에서 다시 저장하십시오.",
        "en": "the DOCX embeds a document of another format, which was not read; save it again in Word",
    },
    "read-hwp3": {
        "ko": "한글 3.x 이하에서 만든 HWP 파일은 읽지 않습니다. 한글에서 HWPX로 다시 저장하십시오.",
        "en": "HWP files of version 3 are not read; save the document as HWPX in Hangul",
    },
    "read-distribution-extra": {
        "ko": "배포용 HWP 문서를 읽으려면 cryptography가 필요합니다: pip install cryptography",
        "en": "reading an HWP distribution document needs cryptography: pip install cryptography",
    },
    "read-hwp-tracked": {
        "ko": "변경 추적을 켠 HWP 문서라서 지운 글이 섞였을 수 있습니다. HWPX로 저장해 다시 검사하십시오.",
        "en": "the HWP document tracks changes: deleted text may be included; save it as HWPX and check again",
    },
    "read-broken": {
        "ko": "{format} 파일이 손상되었거나 일부만 저장되었습니다({part}). 원본을 다시 받아 여십시오.",
        "en": "the {format} file is damaged or incomplete ({part}); fetch the original again",
    },
    "read-part-unread": {
        "ko": "{part} 부분을 읽지 못했습니다: {why}",
        "en": "{part} could not be read: {why}",
    },
    "read-part-missing": {
        "ko": "문서에 적혀 있으나 파일 안에 없습니다. 원본을 다시 받으십시오.",
        "en": "named in the document but missing from the file; fetch the original again",
    },
    "read-part-unnamed": {
        "ko": "파일 안에 있으나 문서에 적혀 있지 않습니다. 원래 프로그램에서 다시 저장하십시오.",
        "en": "in the file but not named in the document; save it again in the program that made it",
    },
    "read-cells-lost": {
        "ko": "이 표에서 값이 든 칸 {count}개는 다른 칸과 자리가 겹쳐 읽지 못했습니다. 원래 프로그램에서 다시 저장하십시오.",
        "en": "{count} filled cells of this table overlap others and were not read; save the file again",
    },
    "read-cells-astray": {
        "ko": "칸 {count}개가 다른 번호의 행에 적혀 있습니다. 빠진 행이 있을 수 있으니 원본을 다시 받으십시오.",
        "en": "{count} cells carry the number of another row, so rows may be missing; fetch the original again",
    },
    "read-cells-bare": {
        "ko": "이 표의 {count}자리에 칸이 없습니다. 빠진 칸이 없는지 원본에서 확인하십시오.",
        "en": "{count} positions of this table have no cell; check the original",
    },
    "read-cells-covered": {
        "ko": "합친 셀 밑에 값이 든 칸 {count}개가 가려져 있습니다. 인쇄되지 않으므로 읽지 않았습니다. 셀을 나누어 확인하십시오.",
        "en": "{count} filled cells lie under merged ones; they are not printed and were not read. Unmerge the cells to see them",
    },
    "read-hwp-counts": {
        "ko": "적힌 글자·문단·칸 수가 들어 있는 것과 {count}곳에서 다릅니다. 빠진 것이 있을 수 있으니 원본을 다시 받으십시오.",
        "en": "the counts of characters, paragraphs or cells are wrong in {count} places, so some may be missing; "
        "fetch the original again",
    },
    "read-password": {
        "ko": "암호가 걸린 {format} 파일입니다. 암호를 풀어 다시 저장하십시오.",
        "en": "the {format} file is protected by a password; save it again without one",
    },
    "read-dtd": {
        "ko": "{format} 파일의 {part}에 문서 형식 선언(DTD)이 있어 읽지 않습니다. 한글 등 원래 프로그램에서 다시 저장하십시오.",
        "en": "{part} of the {format} file declares a document type (DTD), which is refused; save it again in "
        "the program that made it",
    },
    "read-too-large": {
        "ko": "{format} 파일의 {part} 크기가 한도({limit})를 넘습니다. 문서를 나누어 저장하십시오.",
        "en": "{part} of the {format} file exceeds the limit ({limit}); split the document",
    },
    "read-too-deep": {
        "ko": "{format} 파일에서 표나 글상자가 {limit}겹보다 깊게 들어 있어 읽지 않습니다. 문서를 다시 저장하거나 나누십시오.",
        "en": "tables or boxes of the {format} file are nested deeper than {limit}; save it again or split it",
    },
    "read-missing": {
        "ko": "파일이 없습니다. 경로를 확인하십시오.",
        "en": "no such file; check the path",
    },
    "read-empty-folder": {
        "ko": "점검할 문서가 없는 폴더입니다. 문서가 든 폴더나 파일을 지정하십시오.",
        "en": "a folder without documents; name one with documents, or a file",
    },
    "read-no-match": {
        "ko": "이 무늬에 맞는 파일이 없습니다. 무늬를 확인하십시오.",
        "en": "no file matches this pattern; check it",
    },
    "read-directory": {
        "ko": "폴더입니다. 문서를 지정하십시오(check는 문서가 든 폴더도 받습니다).",
        "en": "this is a folder; name a document (check also takes folders)",
    },
    "read-denied": {
        "ko": "파일을 읽을 권한이 없습니다. 권한을 확인하십시오.",
        "en": "permission denied; check the permissions of the file",
    },
    "read-no-file": {
        "ko": "일반 파일이 아니어서 읽을 수 없습니다. 파일로 저장한 뒤 지정하십시오.",
        "en": "not a regular file; save the document to a file first",
    },
    "read-file-too-large": {
        "ko": "파일 크기가 한도({limit} MiB)를 넘습니다. 문서를 나누십시오.",
        "en": "the file is larger than {limit} MiB; split it",
    },
    "read-empty": {
        "ko": "빈 파일입니다. 원본을 다시 저장하십시오.",
        "en": "the file is empty; save the original again",
    },
    "read-unsupported": {
        "ko": "{format} 형식은 읽지 않습니다. HWPX, HWP, PDF, DOCX, XLSX, XLS, CSV, HTML, Markdown, 텍스트로 저장하십시오.",
        "en": "{format} files are not read; save it as HWPX, HWP, PDF, DOCX, XLSX, XLS, CSV, HTML, Markdown or text",
    },
    "read-binary": {
        "ko": "글이 아닌 이진 자료입니다. 문서 파일이 맞는지 확인하십시오.",
        "en": "binary data of an unknown kind; check that this is a document",
    },
    "read-undecodable": {
        "ko": "{line}번째 줄이 UTF-8로도 CP949로도 읽히지 않습니다. UTF-8로 다시 저장하십시오.",
        "en": "line {line} is neither UTF-8 nor CP949; save the file again as UTF-8",
    },
    "read-guessed-encoding": {
        "ko": "문자 인코딩을 {encoding}(으)로 짐작해 읽었습니다. 글자가 깨졌으면 UTF-8로 다시 저장하십시오.",
        "en": "the encoding was guessed to be {encoding}; if letters look wrong, save the file again as UTF-8",
    },
    "read-damaged-characters": {
        "ko": "{encoding} 글 가운데 깨진 글자가 있습니다. 원본에서 이 줄을 확인하십시오.",
        "en": "characters here are damaged and do not read as {encoding}; check this line in the original",
    },
    "read-csv-quote": {
        "ko": "여기 있는 따옴표가 셀을 바르게 닫지 않아, 보통 글자로 보고 줄마다 따로 읽었습니다. 따옴표를 고치십시오.",
        "en": "a quotation mark here is unbalanced; it was read as text and each line as a row. Correct it",
    },
    "read-too-wide": {
        "ko": "열이 {columns}개인 표는 읽지 않았습니다(한도 {limit}개). 표를 나누십시오.",
        "en": "a table of {columns} columns was not read (limit {limit}); split it",
    },
    "read-csv-thousands": {
        "ko": "따옴표 없는 천 단위 쉼표로 {count}개 행의 금액이 나뉘어 있어 붙여 읽었습니다. 금액을 따옴표로 묶으십시오.",
        "en": "unquoted thousands commas split the amounts of {count} rows; they were joined again. Quote the amounts",
    },
    "read-csv-decimals": {
        "ko": "따옴표 없는 소수점 쉼표로 {count}개 행의 금액이 나뉘어 있어 붙여 읽었습니다. 금액을 따옴표로 묶으십시오.",
        "en": "unquoted decimal commas split the amounts of {count} rows; they were joined again. Quote the amounts",
    },
    "read-csv-torn": {
        "ko": "따옴표 없는 쉼표로 금액이 나뉘어 어느 열의 값인지 알 수 없습니다. 금액을 따옴표로 묶으십시오.",
        "en": "unquoted commas split the amounts of this row in more than one way; quote the amounts",
    },
    "read-too-many-cells": {
        "ko": "{line}번째 줄에서 표의 칸 수가 한도를 넘습니다. 표를 나누십시오.",
        "en": "at line {line} the table has more cells than the limit; split it",
    },
    "read-html-broken": {
        "ko": "HTML이 너무 깊게 겹쳐 있거나 손상되어 끝까지 읽지 못했습니다. 페이지를 다시 저장하십시오.",
        "en": "the HTML is nested too deeply or damaged and cannot be read to its end; save the page again",
    },
    "read-other-format": {
        "ko": "{suffix} 파일인데 내용이 글뿐이어서 글로 읽었습니다. 파일이 잘리지 않았는지 확인하십시오.",
        "en": "a {suffix} file that holds plain text, and was read as such; check that it is not cut off",
    },
    "read-html-open": {
        "ko": "닫히지 않은 표가 {count}개 있습니다. 브라우저처럼 읽었지만 파일이 중간에서 끊겼을 수 있으니 확인하십시오.",
        "en": "{count} tables are never closed; they were read as browsers do, but the file may be cut off",
    },
    "read-html-lost": {
        "ko": "태그가 깨져 있어 페이지에 적힌 숫자의 {percent}%만 읽었습니다. 페이지를 다시 저장하십시오.",
        "en": "its tags are broken, and only {percent}% of the digits on the page were read; save the page again",
    },
    "read-hidden-sheet": {
        "ko": "숨겨진 시트입니다. 함께 읽었습니다.",
        "en": "this sheet is hidden; it was read all the same",
    },
    "read-hidden-rows": {
        "ko": "숨겨진 행 {count}개를 함께 읽었습니다.",
        "en": "{count} hidden rows were read all the same",
    },
    "read-hidden-columns": {
        "ko": "숨겨진 열 {count}개를 함께 읽었습니다.",
        "en": "{count} hidden columns were read all the same",
    },
    "read-uncached-formula": {
        "ko": "수식의 계산 결과가 저장되어 있지 않아 읽지 못했습니다. 엑셀에서 열어 다시 저장하십시오.",
        "en": "the formula has no stored result and cannot be read; open the file in Excel and save it again",
    },
    "read-uncached-formulas": {
        "ko": "계산 결과가 저장되지 않은 수식이 {count}개 더 있습니다. 엑셀에서 열어 다시 저장하십시오.",
        "en": "{count} more formulas have no stored result; open the file in Excel and save it again",
    },
    "read-error-value": {
        "ko": "수식의 결과가 오류({text})입니다. 수식을 고치십시오.",
        "en": "the formula results in an error ({text}); correct it",
    },
}
