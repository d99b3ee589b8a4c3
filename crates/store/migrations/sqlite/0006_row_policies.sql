-- Row policies are for servers with several users; a file has none. The number is taken on both.

SELECT 1;
